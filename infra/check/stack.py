"""The translated template, deployed to moto: what moto's CloudFormation knows as a stack, the rest through each service's own API.

moto is a stand-in. It checks shapes and references; it enforces no policy, and some behaviour of AWS it lacks.
"""

import contextlib
import io
import json
import logging
import urllib.request
import warnings
import zipfile

import boto3
from botocore.config import Config

from . import agreement
from .template import ACCOUNT, ARTEFACTS, INFRA, REGION, STACK, Resolver, existing

PARAMETERS = {"AlarmEmail": "somebody@example.org"}
EVENTS = INFRA / "events"

# What moto's CloudFormation makes itself. The rest of the template goes through `BEFORE` and `AFTER`. It knows buses, too, but
# hands a rule the bus as an object where its name belongs.
IN_STACK = (
    "AWS::Events::Rule",
    "AWS::IAM::Role",
    "AWS::Lambda::Function",
    "AWS::Lambda::Permission",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
)

# moto knows distributions in the API's own shape only, which is not CloudFormation's: nothing would be checked.
NOT_DEPLOYED = (
    "AWS::CloudFront::CachePolicy",
    "AWS::CloudFront::Distribution",
    "AWS::CloudFront::Function",
    "AWS::CloudFront::OriginAccessControl",
    "AWS::CloudFront::ResponseHeadersPolicy",
)
SITE_HOST = "d111111abcdef8.cloudfront.net"


class Stack:
    """The deployed stack: physical names by logical ones, and clients of the services that hold them."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        self.references = {"Distribution": "EDFDVBD6EXAMPLE"}
        self.attributes = {("Distribution", "DomainName"): SITE_HOST}
        self.made = {}

    def client(self, service, **more):
        return boto3.client(
            service,
            endpoint_url=more.pop("endpoint_url", self.endpoint),
            region_name=REGION,
            aws_access_key_id="stand-in",
            aws_secret_access_key="stand-in",
            config=Config(retries={"max_attempts": 1}, s3={"addressing_style": "path"}),
            **more,
        )

    def reference(self, name):
        return self.references[name]

    def attribute(self, name, attribute):
        return self.attributes[name, attribute]

    def environment(self, function):
        """The settings that the template gives a function."""
        found = self.client("lambda").get_function_configuration(FunctionName=self.references[function])
        return found["Environment"]["Variables"]


@contextlib.contextmanager
def moto():
    """A moto server of its own on a free port; gives its address."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    logging.getLogger("moto").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server.start()
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        # Servers of one process share what they hold.
        urllib.request.urlopen(f"{endpoint}/moto-api/reset", data=b"", timeout=30).close()
        try:
            yield endpoint
        finally:
            server.stop()


def deploy(template, endpoint, zips=None, bucket_policies=False):
    """Deploys the translated template; `zips` are the packages by name, tiny ones where none are given.

    moto takes a statement that denies for one without its condition: a bucket with such a policy could not be written.
    """
    stack = Stack(endpoint)
    _upload_zips(stack, zips or {})
    resolver = Resolver(template, PARAMETERS, stack.reference, stack.attribute)
    resources = existing(template, resolver)
    # What a function's settings name must be known before the stack is made; none of these needs anything of the stack.
    for name, resource in resources.items():
        if resource["Type"] in BEFORE:
            _make(stack, name, resource, BEFORE, resolver)
    _named_in_advance(stack, resources, resolver)
    _create_stack(stack, template, resources, resolver)
    for kind in AFTER:
        for name, resource in resources.items():
            if resource["Type"] == kind and (bucket_policies or kind != "AWS::S3::BucketPolicy"):
                _make(stack, name, resource, AFTER, resolver)
    known = {*IN_STACK, *BEFORE, *AFTER, *NOT_DEPLOYED}
    stack.unknown = sorted({resource["Type"] for resource in resources.values()} - known)
    return stack


def _upload_zips(stack, zips):
    s3 = stack.client("s3")
    s3.create_bucket(Bucket=ARTEFACTS, CreateBucketConfiguration={"LocationConstraint": REGION})
    tiny = io.BytesIO()
    with zipfile.ZipFile(tiny, "w") as archive:
        archive.writestr("bootstrap", "")
    for name in ("api", "extract", "train"):
        s3.put_object(Bucket=ARTEFACTS, Key=f"{name}.zip", Body=zips.get(name, tiny.getvalue()))


def _make(stack, name, resource, makers, resolver):
    maker = makers[resource["Type"]]
    maker(stack, name, resolver(resource["Properties"]))
    stack.made[name] = resource["Type"]


def _named_in_advance(stack, resources, resolver):
    """References to what is made after the stack, where the template gives the name."""
    for name, resource in resources.items():
        if resource["Type"] in ("AWS::Athena::WorkGroup", "AWS::Glue::Crawler"):
            stack.references[name] = resolver(resource["Properties"]["Name"])


def _create_stack(stack, template, resources, resolver):
    """The part of the template that moto's CloudFormation knows, references to the rest filled in."""
    mine = {name: resource for name, resource in resources.items() if resource["Type"] in IN_STACK}

    def fill(value):
        if isinstance(value, list):
            return [fill(inner) for inner in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"Ref"} and value["Ref"] in stack.references:
            return stack.references[value["Ref"]]
        if set(value) == {"Fn::GetAtt"} and tuple(value["Fn::GetAtt"]) in stack.attributes:
            return stack.attributes[tuple(value["Fn::GetAtt"])]
        if set(value) == {"Fn::Sub"}:
            text = value["Fn::Sub"]
            for name, given in stack.references.items():
                text = text.replace("${%s}" % name, given)
            for (name, attribute), given in stack.attributes.items():
                text = text.replace("${%s.%s}" % (name, attribute), given)
            return {"Fn::Sub": text}
        return {key: fill(inner) for key, inner in value.items()}

    cut = {
        "Parameters": template["Parameters"],
        "Conditions": template["Conditions"],
        "Resources": {name: {k: v for k, v in fill(resource).items() if k != "Metadata"} for name, resource in mine.items()},
        "Outputs": {name: {"Value": fill(output["Value"])} for name, output in existing_outputs(template, resolver)},
    }
    cloudformation = stack.client("cloudformation")
    given = [{"ParameterKey": key, "ParameterValue": value} for key, value in PARAMETERS.items()]
    cloudformation.create_stack(StackName=STACK, TemplateBody=json.dumps(cut), Parameters=given, Capabilities=["CAPABILITY_IAM"])
    for resource in cloudformation.describe_stack_resources(StackName=STACK)["StackResources"]:
        # A permission has no id of its own in moto.
        name, physical = resource["LogicalResourceId"], resource.get("PhysicalResourceId", "")
        stack.references[name] = physical
        stack.made[name] = resource["ResourceType"]
        _attributes_of(stack, name, resource["ResourceType"], physical)


def existing_outputs(template, resolver):
    for name, output in template["Outputs"].items():
        if "Condition" not in output or resolver.holds(output["Condition"]):
            yield name, output


def _attributes_of(stack, name, kind, physical):
    """What `Fn::GetAtt` gives of it, asked of the service that has it."""
    arn = None
    if kind == "AWS::S3::Bucket":
        arn = f"arn:aws:s3:::{physical}"
    elif kind == "AWS::SQS::Queue":
        sqs = stack.client("sqs")
        arn = sqs.get_queue_attributes(QueueUrl=physical, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        stack.attributes[name, "QueueName"] = arn.rsplit(":", 1)[1]
    elif kind == "AWS::Lambda::Function":
        arn = stack.client("lambda").get_function_configuration(FunctionName=physical)["FunctionArn"]
    elif kind == "AWS::IAM::Role":
        arn = stack.client("iam").get_role(RoleName=physical)["Role"]["Arn"]
    elif kind == "AWS::Events::Rule":
        bus = stack.references["Bus"]
        arn = stack.client("events").describe_rule(Name=physical.rsplit("/", 1)[-1], EventBusName=bus)["Arn"]
    elif kind == "AWS::Logs::LogGroup":
        arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{physical}:*"
    if arn:
        stack.attributes[name, "Arn"] = arn


# --- What moto's CloudFormation lacks, by each service's own API ---------------------------------------------------------


def _secret(stack, name, properties):
    made = stack.client("secretsmanager").create_secret(Name=f"{STACK}-{name}", **properties)
    stack.references[name] = made["ARN"]


def _database(stack, name, properties):
    stack.client("glue").create_database(**properties)
    stack.references[name] = properties["DatabaseInput"]["Name"]


def _http_api(stack, name, properties):
    stack.references[name] = stack.client("apigatewayv2").create_api(**properties)["ApiId"]


def _user_pool(stack, name, properties):
    properties["PoolName"] = properties.pop("UserPoolName")
    properties.pop("EnabledMfas")
    stack.references[name] = stack.client("cognito-idp").create_user_pool(**properties)["UserPool"]["Id"]


def _user_pool_domain(stack, name, properties):
    stack.client("cognito-idp").create_user_pool_domain(**properties)
    stack.references[name] = properties["Domain"]


def _user_pool_client(stack, name, properties):
    made = stack.client("cognito-idp").create_user_pool_client(**properties)
    stack.references[name] = made["UserPoolClient"]["ClientId"]


def _bus(stack, name, properties):
    stack.attributes[name, "Arn"] = stack.client("events").create_event_bus(**properties)["EventBusArn"]
    stack.references[name] = properties["Name"]


BEFORE = {
    "AWS::ApiGatewayV2::Api": _http_api,
    "AWS::Cognito::UserPool": _user_pool,
    "AWS::Cognito::UserPoolClient": _user_pool_client,
    "AWS::Cognito::UserPoolDomain": _user_pool_domain,
    "AWS::Events::EventBus": _bus,
    "AWS::Glue::Database": _database,
    "AWS::SecretsManager::Secret": _secret,
}


def _call(service, operation):
    """A maker that hands the properties on as they are: CloudFormation's names are the API's."""

    def make(stack, name, properties):
        getattr(stack.client(service), operation)(**properties)
        stack.references.setdefault(name, properties.get("Name", name))

    return make


def _part_of_api(operation, identifier):
    def make(stack, name, properties):
        stack.references[name] = getattr(stack.client("apigatewayv2"), operation)(**properties)[identifier]

    return make


def _stage(stack, name, properties):
    stack.references[name] = stack.client("apigatewayv2").create_stage(**properties)["StageName"]


def _workgroup(stack, name, properties):
    properties.pop("RecursiveDeleteOption")
    properties["Configuration"] = properties.pop("WorkGroupConfiguration")
    stack.client("athena").create_work_group(**properties)


def _bucket_policy(stack, name, properties):
    stack.client("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=json.dumps(properties["PolicyDocument"]))


def _queue_policy(stack, name, properties):
    for queue in properties["Queues"]:
        attributes = {"Policy": json.dumps(properties["PolicyDocument"])}
        stack.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes=attributes)


def _topic_policy(stack, name, properties):
    for topic in properties["Topics"]:
        document = json.dumps(properties["PolicyDocument"])
        stack.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=document)


def _invoke_config(stack, name, properties):
    properties.pop("Qualifier")
    properties["DestinationConfig"]["OnFailure"].pop("Type", None)
    stack.client("lambda").put_function_event_invoke_config(**properties)


def _budget(stack, name, properties):
    properties["Budget"]["BudgetLimit"]["Amount"] = str(properties["Budget"]["BudgetLimit"]["Amount"])
    stack.client("budgets").create_budget(AccountId=ACCOUNT, **properties)


# In the order in which they need each other.
AFTER = {
    "AWS::ApiGatewayV2::Authorizer": _part_of_api("create_authorizer", "AuthorizerId"),
    "AWS::ApiGatewayV2::Integration": _part_of_api("create_integration", "IntegrationId"),
    "AWS::ApiGatewayV2::Route": _part_of_api("create_route", "RouteId"),
    "AWS::ApiGatewayV2::Stage": _stage,
    "AWS::Athena::WorkGroup": _workgroup,
    "AWS::Budgets::Budget": _budget,
    "AWS::CloudWatch::Alarm": _call("cloudwatch", "put_metric_alarm"),
    "AWS::Glue::Crawler": _call("glue", "create_crawler"),
    "AWS::Glue::Table": _call("glue", "create_table"),
    "AWS::Lambda::EventInvokeConfig": _invoke_config,
    "AWS::S3::BucketPolicy": _bucket_policy,
    "AWS::SNS::Subscription": _call("sns", "subscribe"),
    "AWS::SNS::TopicPolicy": _topic_policy,
    "AWS::SQS::QueuePolicy": _queue_policy,
    "AWS::Scheduler::Schedule": _call("scheduler", "create_schedule"),
}


# --- Looking at what was deployed ----------------------------------------------------------------------------------------


class Deliveries:
    """Hands over what the rules match. moto calls no function from a rule: a queue stands in each function's place."""

    def __init__(self, stack):
        self.stack = stack
        self.queues = {}
        events, sqs, bus = stack.client("events"), stack.client("sqs"), stack.references["Bus"]
        for rule in events.list_rules(EventBusName=bus)["Rules"]:
            for target in events.list_targets_by_rule(Rule=rule["Name"], EventBusName=bus)["Targets"]:
                function = target["Arn"].rsplit(":", 1)[1]
                url = sqs.create_queue(QueueName=f"to-{function}")["QueueUrl"]
                self.queues[function] = url
                arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
                events.put_targets(Rule=rule["Name"], EventBusName=bus, Targets=[{"Id": target["Id"], "Arn": arn}])

    def put(self, event):
        """Puts an event on the bus, as PutEvents takes it."""
        entry = {
            "EventBusName": self.stack.references["Bus"],
            "Source": event["source"],
            "DetailType": event["detail-type"],
            "Detail": json.dumps(event["detail"]),
        }
        answer = self.stack.client("events").put_events(Entries=[entry])
        if answer["FailedEntryCount"]:
            raise AssertionError(f"the bus refused {entry}: {answer}")

    def take(self):
        """The events that were matched since the last call, as pairs of function and event."""
        sqs, taken = self.stack.client("sqs"), []
        for function, url in self.queues.items():
            while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
                for message in messages:
                    taken.append((function, json.loads(message["Body"])))
                    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return taken


# The recorded events, and the function that each must reach.
ROUTED = {
    "data_extraction_done.json": [f"{STACK}-train"],
    "data_extraction_done-partial.json": [f"{STACK}-train"],
    "data_extraction_done-failed.json": [],
    "run_requested.json": [f"{STACK}-extract"],
    "foreign.json": [],
}


def faults(template):
    """Deploys, and compares what is there with what should be."""
    with moto() as endpoint:
        stack = deploy(template, endpoint, bucket_policies=True)
        found = [f"neither moto's CloudFormation nor this check knows {kind}: add it to stack.py" for kind in stack.unknown]
        found += _table_faults(stack) + _schedule_faults(stack) + _secret_faults(stack) + _routing_faults(stack)
        found += _bucket_faults(stack)
        skipped = sorted(name for name, resource in template["Resources"].items() if resource["Type"] in NOT_DEPLOYED)
        made = sum(kind in IN_STACK for kind in stack.made.values())
        print(f"  to moto: {made} resources as a stack, {len(stack.made) - made} by their services' APIs; not deployed: {', '.join(skipped)}")
    return found


def _table_faults(stack):
    wanted = {table["name"]: table for table in json.loads(agreement.TABLES.read_text())["tables"]}
    tables = stack.client("glue").get_tables(DatabaseName=stack.references["Database"])["TableList"]
    there = {table["Name"]: table for table in tables}
    found = [f"Glue has no table {name}" for name in sorted(wanted.keys() - there.keys())]
    found += [f"Glue has a table {name} that is not in the catalogue" for name in sorted(there.keys() - wanted.keys())]
    for name in sorted(wanted.keys() & there.keys()):
        columns = [(column["Name"], column["Type"]) for column in there[name]["StorageDescriptor"]["Columns"]]
        right = [(column["name"], agreement.GLUE_TYPES[column["type"]]) for column in wanted[name]["columns"]]
        if columns != right:
            found.append(f"Glue's {name} has the columns {columns}, not {right}")
    return found


def _schedule_faults(stack):
    (schedule,) = stack.client("scheduler").list_schedules()["Schedules"]
    whole = stack.client("scheduler").get_schedule(Name=schedule["Name"])
    found = []
    if whole["ScheduleExpression"] != "cron(20 9 ? * 2-6 *)":
        found.append(f"the schedule is {whole['ScheduleExpression']}")
    if whole["Target"]["Arn"] != stack.attribute("ExtractFunction", "Arn"):
        found.append(f"the schedule starts {whole['Target']['Arn']}")
    given, example = json.loads(whole["Target"]["Input"]), json.loads((EVENTS / "schedule.json").read_text())
    if given.keys() != example.keys() or given["source"] != example["source"] or given["detail-type"] != example["detail-type"]:
        found.append("the schedule's input has not the shape of events/schedule.json")
    return found


def _secret_faults(stack):
    secrets = stack.client("secretsmanager")
    with contextlib.suppress(secrets.exceptions.ResourceNotFoundException):
        secrets.get_secret_value(SecretId=stack.references["Keys"])
        return ["the secret has a value, and it can only come from the template"]
    return []


def _routing_faults(stack):
    deliveries, found = Deliveries(stack), []
    for name, wanted in ROUTED.items():
        event = json.loads((EVENTS / name).read_text())
        deliveries.put(event)
        taken = deliveries.take()
        reached = [function for function, _ in taken]
        if reached != wanted:
            found.append(f"events/{name} reaches {reached or 'nobody'}, not {wanted or 'nobody'}")
        found += [f"events/{name} arrives changed" for _, given in taken if given["detail"] != event["detail"]]
    return found


def _bucket_faults(stack):
    s3, found = stack.client("s3"), []
    for name in ("DataBucket", "SiteBucket"):
        bucket = stack.references[name]
        rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
        if rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] != "AES256":
            found.append(f"{name} is not encrypted")
        statements = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
        if not any(entry["Effect"] == "Deny" and "aws:SecureTransport" in str(entry.get("Condition")) for entry in statements):
            found.append(f"{name} can be read without TLS")
    return found
