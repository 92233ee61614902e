"""The SAM template: read, translated to CloudFormation, and its expressions worked out."""

import copy
import logging
import os
import re
from pathlib import Path

from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parents[2]
INFRA = ROOT / "infra"
TEMPLATE = INFRA / "template.yaml"

# The translator counts what it does for AWS, and complains where nobody collects the counts.
logging.getLogger("samtranslator.metrics").setLevel(logging.CRITICAL)

REGION = "eu-west-1"
ACCOUNT = "123456789012"  # moto's
STACK = "assay"

# Where packaging would have put the zips.
ARTEFACTS = "artefacts"


class _NoManagedPolicies:
    """SAM asks for AWS's managed policies; the template uses none."""

    @staticmethod
    def load():
        return {}


class LeftOut(Exception):
    """A check that could not be made here; the words say why. It is not one that found nothing."""


def source():
    """The template as it is written."""
    return yaml_parse(TEMPLATE.read_text())


def translated():
    """The template as CloudFormation gets it: SAM's functions as Lambda's, their zips in a bucket."""
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    template = source()
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            code = resource["Properties"]["CodeUri"]
            resource["Properties"]["CodeUri"] = f"s3://{ARTEFACTS}/{Path(code).name}"
    return transform(template, {}, _NoManagedPolicies())


class Unknown(Exception):
    """An expression that this resolver does not know."""


class Resolver:
    """Works out a template's expressions for given parameters.

    What is known only after deployment is asked of `reference(name)` and `attribute(name, attribute)`; left to themselves
    they answer with the expression, `${DataBucket.Arn}`, which is what a reader of a policy wants to see.
    """

    def __init__(self, template, parameters=None, reference=None, attribute=None):
        defaults = {name: entry.get("Default") for name, entry in template.get("Parameters", {}).items()}
        self.values = {**defaults, **(parameters or {})}
        self.conditions = template.get("Conditions", {})
        self.reference = reference or (lambda name: "${%s}" % name)
        self.attribute = attribute or (lambda name, attribute: "${%s.%s}" % (name, attribute))
        self.pseudo = {
            "AWS::AccountId": ACCOUNT,
            "AWS::Partition": "aws",
            "AWS::Region": REGION,
            "AWS::StackName": STACK,
            "AWS::URLSuffix": "amazonaws.com",
        }

    def holds(self, condition):
        """Whether a named condition holds."""
        return self._test(self.conditions[condition])

    def __call__(self, value):
        """The value with every expression worked out. What `AWS::NoValue` stands for is left out."""
        if isinstance(value, list):
            return [done for done in map(self, value) if done is not None]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((key, inner),) = value.items()
            if key == "Ref" or key.startswith("Fn::"):
                return self._function(key, inner)
        done = {key: self(inner) for key, inner in value.items()}
        return {key: inner for key, inner in done.items() if inner is not None}

    def _function(self, key, inner):
        if key == "Ref":
            return self._ref(inner)
        if key == "Fn::GetAtt":
            name, attribute = inner if isinstance(inner, list) else inner.split(".", 1)
            return self.attribute(name, attribute)
        if key == "Fn::Sub":
            return self._sub(inner)
        if key == "Fn::Join":
            separator, parts = inner
            return separator.join(self(parts))
        if key == "Fn::Split":
            separator, text = inner
            return self(text).split(separator)
        if key == "Fn::If":
            condition, then, otherwise = inner
            return self(then if self.holds(condition) else otherwise)
        raise Unknown(key)

    def _ref(self, name):
        if name == "AWS::NoValue":
            return None
        if name in self.pseudo:
            return self.pseudo[name]
        return self.values[name] if name in self.values else self.reference(name)

    def _sub(self, text):
        def put(match):
            name = match[1]
            if "." in name:
                return str(self.attribute(*name.split(".", 1)))
            return str(self._ref(name))

        return re.sub(r"\$\{([A-Za-z0-9:.]+)\}", put, text)

    def _test(self, test):
        ((key, inner),) = test.items()
        if key == "Fn::Equals":
            first, second = self(inner)
            return first == second
        if key == "Fn::Not":
            return not self._test(inner[0])
        if key == "Condition":
            return self.holds(inner)
        raise Unknown(key)


def existing(template, resolver):
    """The resources whose condition holds, without the condition."""
    kept = {}
    for name, resource in template["Resources"].items():
        if "Condition" not in resource or resolver.holds(resource["Condition"]):
            kept[name] = copy.deepcopy(resource)
    return kept
