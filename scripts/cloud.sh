# Sourced, never run: what scripts/deploy, scripts/rollback and scripts/remove share.

# say WORDS / fail WORDS [CODE]: both name the script that speaks.
say() { printf '%s: %s\n' "${0##*/}" "$1"; }
fail() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit "${2:-1}"
}

# Ends with advice where there is no AWS CLI, or nobody is signed in.
need_account() {
  command -v aws >/dev/null || fail "no \`aws\`: install the AWS CLI, https://aws.amazon.com/cli" 2
  region="${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}"
  [ -n "$region" ] || fail "no region: set AWS_REGION" 2
  export AWS_REGION="$region" AWS_DEFAULT_REGION="$region" AWS_PAGER=
  account="$(aws sts get-caller-identity --query Account --output text)" ||
    fail "nobody is signed in: run \`aws sso login\` or set the usual AWS_* variables" 2
}

# output NAME: an output of the stack.
output() {
  local value
  value="$(aws cloudformation describe-stacks --stack-name "$stack" \
    --query "Stacks[0].Outputs[?OutputKey=='$1'].OutputValue | [0]" --output text)" ||
    fail "no stack $stack in $region: deploy it first, or give --stack"
  [ "$value" != None ] || fail "the stack $stack has no output $1: was it deployed by scripts/deploy?"
  printf '%s\n' "$value"
}
