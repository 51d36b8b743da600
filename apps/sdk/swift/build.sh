#!/bin/sh
# Builds an app in Swift into a folder that can be pushed: apps/hello-swift, unless told otherwise.
#
#     apps/sdk/swift/build.sh [PRODUCT [MANIFEST]]
set -eu
cd "$(dirname "$0")/../../.."
product=${1:-hello-swift}
manifest=${2:-apps/sdk/swift/app.yaml}
# Another build folder: the flag would rebuild everything in the usual one.
swift build -c release --static-swift-stdlib --product "$product" --scratch-path .build-apps
mkdir -p "apps/$product"
cp "$(swift build -c release --static-swift-stdlib --scratch-path .build-apps --show-bin-path)/$product" "apps/$product/"
strip "apps/$product/$product"
cp "$manifest" "apps/$product/app.yaml"
echo "built apps/$product; next: elves app push apps/$product"
