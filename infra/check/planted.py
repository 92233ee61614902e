"""Faults planted into the template one by one: each must be found by the check that is there for it."""

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
    ("SQL for everybody", lambda t: t["Resources"]["AskRoute"]["Properties"].pop("AuthorizationType"), agreement.route_faults),
    ("runs without a throttle", lambda t: t["Resources"]["ApiStage"]["Properties"]["RouteSettings"].pop("POST /api/runs"), agreement.route_faults),
    ("a route that acts and is missing", lambda t: t["Resources"].pop("RunRoute"), agreement.route_faults),
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
