# Sourced, never run: where scripts/bootstrap put the tools. The Makefile sources it before every recipe line.
# Set ASSAY_TOOLS to keep the tools elsewhere, or XGBOOST_LIB_DIR to use a libxgboost of your own.

export ASSAY_TOOLS="${ASSAY_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/assay}"

# One place for versions. wasm-bindgen's is read from Cargo.lock, binaryen's from scripts/tools/package-lock.json.
export ASSAY_XGBOOST_VERSION=3.4.1 ASSAY_TRUNK_VERSION=0.21.14 ASSAY_DENY_VERSION=0.20.2

export XGBOOST_LIB_DIR="${XGBOOST_LIB_DIR:-$ASSAY_TOOLS/xgboost-$ASSAY_XGBOOST_VERSION}"

case ":$PATH:" in
  *":$ASSAY_TOOLS/bin:"*) ;;
  *) export PATH="$ASSAY_TOOLS/bin:$PATH" ;;
esac
