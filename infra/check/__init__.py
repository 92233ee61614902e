"""Checks of the AWS template, and its deployment to stand-ins: `make deploy-check`."""
