#!/bin/sh
# Builds an app in Swift into its folder, which can then be pushed: apps/hello-swift, unless told otherwise.
#
#     apps/sdk/swift/build.sh [PRODUCT]
set -eu
cd "$(dirname "$0")/../../.."
product=${1:-hello-swift}
[ -f "apps/$product/app.yaml" ] || { echo "no app.yaml in apps/$product" >&2; exit 1; }
# Another build folder: the flag would rebuild everything in the usual one.
swift build -c release --static-swift-stdlib --product "$product" --scratch-path .build-apps
cp "$(swift build -c release --static-swift-stdlib --scratch-path .build-apps --show-bin-path)/$product" "apps/$product/"
strip "apps/$product/$product"
echo "built apps/$product; next: elves app push apps/$product"
