"""Who may do what: the rules that every grant must keep, and the listing of all grants with their reasons."""

import tomllib

from .template import INFRA, Resolver, existing

REASONS = INFRA / "iam.toml"
LISTING = INFRA / "iam.md"

# Types whose policy says what others may do to the resource.
RESOURCE_POLICIES = ("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy")


class Grant:
    """One statement that allows."""

    def __init__(self, holder, statement):
        self.holder = holder
        self.sid = statement.get("Sid", "")
        self.actions = _list(statement.get("Action"))
        self.resources = _list(statement.get("Resource"))
        self.condition = statement.get("Condition")
        self.principal = statement.get("Principal")
        self.statement = statement


def _list(value):
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def grants(template):
    """What roles may do, and what resources let others do, as two lists of grants."""
    resolver = Resolver(template, {"AlarmEmail": "somebody@example.org"})
    resolver.pseudo.update({"AWS::AccountId": "ACCOUNT", "AWS::Region": "REGION"})
    roles, resources = [], []
    for name, resource in sorted(existing(template, resolver).items()):
        properties = resolver(resource.get("Properties", {}))
        if resource["Type"] == "AWS::IAM::Role":
            for policy in properties.get("Policies", []):
                roles += [Grant(name, entry) for entry in policy["PolicyDocument"]["Statement"] if entry["Effect"] == "Allow"]
            resources += [Grant(name, entry) for entry in properties["AssumeRolePolicyDocument"]["Statement"]]
        elif resource["Type"] in RESOURCE_POLICIES:
            statements = properties["PolicyDocument"]["Statement"]
            resources += [Grant(name, entry) for entry in statements if entry["Effect"] == "Allow"]
        elif resource["Type"] == "AWS::Lambda::Permission":
            resources.append(_permission(name, properties))
    return roles, resources


def _permission(name, properties):
    condition = {"ArnLike": {"aws:SourceArn": properties["SourceArn"]}} if "SourceArn" in properties else None
    return Grant(
        name,
        {
            "Action": properties["Action"],
            "Resource": properties["FunctionName"],
            "Principal": {"Service": properties["Principal"]},
            "Condition": condition,
        },
    )


def faults(template):
    """What breaks a rule, as sentences."""
    roles, resources = grants(template)
    allowed = _reasons()["wide_resources"]
    found = []
    for grant in roles + resources:
        found += _faults_of(grant, allowed)
    for grant in resources:
        found += _faults_of_principal(grant)
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::IAM::Role" and properties.get("ManagedPolicyArns"):
            found.append(f"{name} uses a managed policy: write its statements out")
        if resource["Type"].startswith("AWS::IAM::") and resource["Type"] != "AWS::IAM::Role":
            found.append(f"{name} is a {resource['Type']}: grants belong into the roles, where they are listed")
    return found


def _faults_of(grant, allowed):
    found = []
    where = f"{grant.holder}, {grant.sid or 'statement'}"
    if "NotAction" in grant.statement or "NotResource" in grant.statement:
        found.append(f"{where}: allows all but something; name what is allowed")
    found += [f"{where}: `{action}` has a wildcard" for action in grant.actions if "*" in action]
    for resource in grant.resources:
        if resource == "*" and f"{grant.holder}.{grant.sid}" not in allowed:
            found.append(f"{where}: resource `*`; name the ARN, or give the reason in iam.toml")
        # `${Bucket.Arn}/*` names its service and owner; `arn:aws:s3:::*` does not.
        if resource != "*" and resource.split("/")[0].rstrip("*").endswith(":::"):
            found.append(f"{where}: `{resource}` is every resource of a service")
    return found


def _faults_of_principal(grant):
    where = f"{grant.holder}, {grant.sid or 'statement'}"
    if not isinstance(grant.principal, dict) or set(grant.principal) != {"Service"}:
        return [f"{where}: lets in {grant.principal!r}; only services of AWS are let in"]
    services = _list(grant.principal["Service"])
    # Whoever uses the service in another account could use the resource, unless a condition names ours.
    if grant.actions != ["sts:AssumeRole"] and not grant.condition:
        return [f"{where}: lets in {', '.join(services)} for every account; add a condition on the source"]
    return []


def _reasons():
    return tomllib.loads(REASONS.read_text())


def listing(template):
    """The text of iam.md, and the sentences about reasons that are missing or stand there for nothing."""
    roles, resources = grants(template)
    reasons = _reasons()
    missing, used = [], set()
    lines = [
        "# Every grant, with its reason",
        "",
        "Made by `scripts/deploy-check --write` from `template.yaml` and `iam.toml`; `make deploy-check` compares. Nothing else is",
        "granted: no managed policy, no wildcard in an action, no resource `*`. `${Name}` is the resource of that name in the template.",
        "",
    ]
    for role in sorted({grant.holder for grant in roles}):
        trusted = [grant for grant in resources if grant.holder == role]
        lines += [f"## {role}", "", f"{reasons['roles'].get(role, '')} Taken on by {_who(trusted)}.", ""]
        if role not in reasons["roles"]:
            missing.append(f"iam.toml says nothing about the role {role}")
        used.add(("roles", role))
        lines += ["| action | on | only if | why |", "| --- | --- | --- | --- |"]
        for grant in (grant for grant in roles if grant.holder == role):
            for action in grant.actions:
                reason = reasons.get(role, {}).get(f"{grant.sid}/{action}")
                used.add((role, f"{grant.sid}/{action}"))
                if not reason:
                    missing.append(f'iam.toml has no reason for [{role}] "{grant.sid}/{action}"')
                lines.append(_row([f"`{action}`", _resources(grant), _condition(grant), reason or ""]))
        lines.append("")
    lines += ["## What resources let others do", "", "| resource | who | may | on | only if |", "| --- | --- | --- | --- | --- |"]
    for grant in (grant for grant in resources if "sts:AssumeRole" not in grant.actions):
        actions = ", ".join(f"`{action}`" for action in grant.actions)
        lines.append(_row([f"{grant.holder} {grant.sid}".strip(), _who([grant]), actions, _resources(grant), _condition(grant)]))
    for part, entries in reasons.items():
        if part != "wide_resources":
            missing += [f"iam.toml: [{part}] {key!r} is not granted" for key in entries if (part, key) not in used]
    return "\n".join(lines) + "\n", missing


def _row(cells):
    return "| " + " | ".join(cells) + " |"


def _who(some):
    return ", ".join(sorted({service for grant in some for service in _list(grant.principal["Service"])}))


def _resources(grant):
    return "<br>".join(f"`{resource}`" for resource in grant.resources)


def _condition(grant):
    if not grant.condition:
        return ""
    parts = []
    for test, keys in grant.condition.items():
        parts += [f"{key} {test} {', '.join(map(str, _list(value)))}" for key, value in keys.items()]
    return "<br>".join(f"`{part}`" for part in parts)
