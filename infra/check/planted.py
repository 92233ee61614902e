"""Faults planted into the template, and a few into the program, one by one: each must be found by the check that is there for it."""

import json

from . import agreement, calls, policies


def _statements(template, role):
    return template["Resources"][role]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]


def _statement(template, role, sid):
    return next(entry for entry in _statements(template, role) if entry.get("Sid") == sid)


def _grant(role, sid, **changed):
    return lambda template: _statement(template, role, sid).update(changed)


def _behaviours(template):
    return template["Resources"]["Distribution"]["Properties"]["DistributionConfig"]["CacheBehaviors"]


def _policy(template, change):
    security = template["Resources"]["Headers"]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    policy = security["ContentSecurityPolicy"]
    policy["ContentSecurityPolicy"] = change(policy["ContentSecurityPolicy"])


def _bucket_statement(template, sid):
    statements = template["Resources"]["DataBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    return next(entry for entry in statements if entry["Sid"] == sid)


def _open_bucket(template):
    statements = template["Resources"]["DataBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    statements.append({"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": {"Fn::GetAtt": "DataBucket.Arn"}})


def _resource(template, name):
    return template["Resources"][name]["Properties"]


def _program(text):
    """The check of routes with a file more in the program."""
    return lambda template: agreement.route_faults(template, agreement.sources() | {"planted": text})


# A route that is there and asks nothing, served by what asks: itself, by a helper, by the engine.
ASKS = """
use super::rows::{Row, ask};
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::get::<GetJournal>(
        get(%s),
        "planted",
    )]
}
pub(super) async fn handler(State(state): State<AppState>) -> Got<GetJournal> {
    Ok(Json(%s))
}
async fn helper(state: &AppState) -> Result<Journal, ApiError> {
    let rows = ask(state, GetJournal::ROUTE, "SELECT 1".to_owned(), read).await?;
    Ok(rows)
}
"""
ACTS = """
pub(super) fn endpoints() -> Vec<Endpoint> {
    vec![Endpoint::new(RAW_ROUTE, delete(forget), told).cached(Caching::Forever)]
}
"""


def _reasons(template):
    return policies.listing(template)[1]


# What is planted, how, and the check that must find it.
PLANTS = [
    ("an action with a wildcard", _grant("TrainRole", "Publish", Action="s3:*"), policies.faults),
    ("an action with a wildcard at its end", _grant("ApiRole", "ReadLake", Action="s3:Get*"), policies.faults),
    ("every resource", _grant("TrainRole", "Catalogue", Resource="*"), policies.faults),
    ("every bucket", _grant("ExtractRole", "ReadLake", Resource="arn:aws:s3:::*"), policies.faults),
    ("all but one action", _grant("ScheduleRole", "Start", NotAction="iam:PassRole"), policies.faults),
    ("a managed policy", lambda t: t["Resources"]["ApiRole"]["Properties"].update(ManagedPolicyArns=["arn:aws:iam::aws:policy/AmazonS3FullAccess"]), policies.faults),
    ("a bucket that everybody reads", _open_bucket, policies.faults),
    ("a function that every account's API may call", lambda t: t["Resources"]["ApiMayCall"]["Properties"].pop("SourceArn"), policies.faults),
    ("a right to delete that nobody gave a reason for", _grant("TrainRole", "Publish", Action=["s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"]), _reasons),
    ("a reason for what is not granted", lambda t: _statements(t, "ExtractRole").pop(), _reasons),
    ("a policy that allows inline styles", lambda t: _policy(t, lambda p: p.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")), agreement.header_faults),
    ("a policy that lacks a directive", lambda t: _policy(t, lambda p: p.replace("; frame-ancestors 'none'", "")), agreement.header_faults),
    ("a behaviour without security headers", lambda t: _behaviours(t)[0].pop("ResponseHeadersPolicyId"), agreement.header_faults),
    ("SQL for everybody", lambda t: _resource(t, "AskRoute").pop("AuthorizationType"), agreement.route_faults),
    ("files of SQL for everybody", lambda t: _resource(t, "DownloadRoute").update(AuthorizationType="NONE"), agreement.route_faults),
    ("a page's question for everybody", lambda t: _resource(t, "HistoryRoute").pop("AuthorizationType"), agreement.route_faults),
    ("a page's question that the open route answers", lambda t: t["Resources"].pop("SeriesRoute"), agreement.route_faults),
    ("SQL for everybody's HEAD", lambda t: t["Resources"].pop("DriversHeadRoute"), agreement.route_faults),
    ("another authorizer", lambda t: _resource(t, "ChecksRoute").update(AuthorizerId="abcdef"), agreement.route_faults),
    ("runs without a throttle", lambda t: _resource(t, "ApiStage")["RouteSettings"].pop("POST /api/runs"), agreement.route_faults),
    ("a page's question without a throttle", lambda t: _resource(t, "ApiStage")["RouteSettings"].pop("GET /api/contributions"), agreement.route_faults),
    ("a throttle that comes before its route", lambda t: t["Resources"]["ApiStage"]["DependsOn"].remove("WhatIfRoute"), agreement.route_faults),
    ("a route that acts and is missing", lambda t: t["Resources"].pop("RunRoute"), agreement.route_faults),
    ("an open route beside the two for reading", lambda t: t["Resources"].update(Open={"Type": "AWS::ApiGatewayV2::Route", "Properties": {"RouteKey": "PUT /api/{path+}"}}), agreement.route_faults),
    ("a handler that begins to ask", lambda _: None, _program(ASKS % ("handler", "ask(&state, GetJournal::ROUTE, sql, read).await?"))),
    ("a handler whose helper asks", lambda _: None, _program(ASKS % ("handler", "helper(&state).await?"))),
    ("a handler that asks the engine itself", lambda _: None, _program(ASKS % ("handler", "state.engine.run(&query, limits).await?"))),
    ("a handler without a name that asks", lambda _: None, _program(ASKS % ("async |State(state)| helper(&state).await", "nothing"))),
    ("a route of the program that deletes", lambda _: None, _program(ACTS)),
    ("a table that training may not write", lambda t: _statement(t, "TrainRole", "Publish")["Resource"].pop(), agreement.table_faults),
    ("a table that the crawler passes by", lambda t: t["Resources"]["Crawler"]["Properties"]["Targets"]["S3Targets"].pop(), agreement.table_faults),
    ("a published object that may be replaced", lambda t: _bucket_statement(t, "NothingIsOverwritten")["NotResource"].append({"Fn::Sub": "${DataBucket.Arn}/models/*"}), agreement.key_faults),
    ("a pointer that cannot move", lambda t: _bucket_statement(t, "NothingIsOverwritten")["NotResource"].pop(0), agreement.key_faults),
    ("a journal that nobody may write", lambda t: _statement(t, "TrainRole", "Publish")["Resource"].remove({"Fn::Sub": "${DataBucket.Arn}/journal/*"}), agreement.key_faults),
    ("a call that no role grants", lambda t: _statements(t, "ExtractRole").remove(_statement(t, "ExtractRole", "VendorsKeys")), calls.faults),
    ("a setting that nobody reads", lambda t: t["Resources"]["ApiFunction"]["Properties"]["Environment"]["Variables"].update(ASSAY_DATABASE="x"), calls.setting_faults),
    ("a setting that nobody is given", lambda t: t["Resources"]["TrainFunction"]["Properties"]["Environment"]["Variables"].pop("ASSAY_SITE_BUCKET"), calls.setting_faults),
    ("an alarm on nothing", lambda t: t["Resources"]["PartialRunAlarm"]["Properties"].update(MetricName="RunsPartial"), calls.metric_faults),
    (
        "a page function that asks for the first page everywhere",
        lambda t: t["Resources"]["PageFunction"]["Properties"].update(FunctionCode="function handler(event) { event.request.uri = '/index.html'; return event.request; }"),
        agreement.edge_faults,
    ),
]


def faults(template):
    found = []
    for what, plant, check in PLANTS:
        # Through JSON: an anchor of the YAML is one object in several places, and only one place is to be altered.
        altered = json.loads(json.dumps(template))
        plant(altered)
        if not check(altered):
            found.append(f"nobody noticed {what}")
    return found
