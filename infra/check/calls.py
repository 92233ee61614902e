"""What the cloud's part of the program calls, reads and counts, read from its source: the roles must grant it, the functions be
given it, the alarms watch it."""

import re

import botocore.session
from botocore import xform_name

from . import policies
from .template import ROOT

SOURCE = ROOT / "backend/src"

# The files and folders that may name an AWS SDK (a test of the program keeps it so), and the roles that run them.
TWINS = {
    "catalogue/glue/": ["TrainRole"],
    "lake/s3/": ["ExtractRole", "TrainRole"],
    "publish/site_bucket.rs": ["TrainRole"],
    "query/athena/": ["ApiRole"],
    "secrets/aws.rs": ["ExtractRole"],
    "trigger/aws.rs": ["ApiRole", "ExtractRole"],
}
# How a file names a service: by the SDK's crate, or by the function that gives its client.
SERVICES = {
    "athena": re.compile(r"aws_sdk_athena|\.athena\(\)"),
    "events": re.compile(r"aws_sdk_eventbridge|\.events\(\)"),
    "glue": re.compile(r"aws_sdk_glue|\.glue\(\)"),
    "s3": re.compile(r"aws_sdk_s3|\.s3\(\)"),
    "secretsmanager": re.compile(r"aws_sdk_secretsmanager|\.secrets\(\)"),
}

# Calls that are never made here, with the reason.
NOT_NEEDED = {"glue:CreateDatabase": "the template makes the database"}

# Where the right has another name than the call.
RIGHTS = {
    "s3:CompleteMultipartUpload": "s3:PutObject",
    "s3:CreateMultipartUpload": "s3:PutObject",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:UploadPart": "s3:PutObject",
}


def called(text):
    """The rights that a file's calls need."""
    # Tests call the stand-ins as they like.
    code = text.split("#[cfg(test)]\nmod tests {")[0]
    loader, rights = botocore.session.get_session(), set()
    for service, named in SERVICES.items():
        if not named.search(code):
            continue
        for operation in loader.get_service_model(service).operation_names:
            # A call of the SDK takes no argument: `.get_object()`, then what it is to get.
            if re.search(rf"\.{xform_name(operation)}\(\)", code):
                action = f"{service}:{operation}"
                rights.add(RIGHTS.get(action, action))
    return rights


def files():
    """Every file that names an SDK, folders of a twin counted to it."""
    found = {}
    for file in sorted(SOURCE.rglob("*.rs")):
        text, path = file.read_text(), str(file.relative_to(SOURCE))
        if "tests" not in path and called(text):
            found[path] = text
    return found


def faults(template):
    granted = {}
    for grant in policies.grants(template)[0]:
        granted.setdefault(grant.holder, set()).update(grant.actions)
    found = []
    for path, text in files().items():
        twin = next((twin for twin in TWINS if path.startswith(twin)), None)
        if twin is None:
            found.append(f"{path} calls AWS, and calls.py does not say which roles run it")
            continue
        for role in TWINS[twin]:
            found += [f"{path} calls {right}, and {role} does not grant it" for right in sorted(called(text) - granted[role] - NOT_NEEDED.keys())]
    return found


# --- Settings and metrics ------------------------------------------------------------------------------------------------


def setting_faults(template):
    """Every setting that the template gives is one that the program reads; every name of the cloud is given to somebody."""
    cloud = set(re.findall(r'"(ASSAY_[A-Z_]+)"', (SOURCE / "cloud_settings.rs").read_text()))
    files = [file for file in SOURCE.glob("config/*.rs") if file.name != "tests.rs"]
    read = cloud | set(re.findall(r'"(ASSAY_[A-Z_]+)"', "".join(file.read_text() for file in files)))
    given = set()
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            given |= resource["Properties"]["Environment"]["Variables"].keys()
    found = [f"the template gives {name}, and the program does not read it" for name in sorted(given - read)]
    return found + [f"the program reads {name}, and the template gives it to no function" for name in sorted(cloud - given)]


def metric_faults(template):
    """Every alarm on a metric of our own watches one that the program counts."""
    text = (SOURCE / "lambda/metric.rs").read_text()
    (names,) = re.findall(r"const NAMES: [^=]*= \[(.*?)\];", text, re.S)
    counted, watched = set(re.findall(r'"(\w+)"', names)), set()
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::CloudWatch::Alarm":
            alarm = resource["Properties"]
            metrics = [entry["MetricStat"]["Metric"] for entry in alarm.get("Metrics", []) if "MetricStat" in entry]
            watched |= {metric["MetricName"] for metric in [*metrics, alarm] if metric.get("Namespace") == "Assay"}
    return [f"an alarm watches {name}, which the program does not count" for name in sorted(watched - counted)]
