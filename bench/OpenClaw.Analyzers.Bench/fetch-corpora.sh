#!/usr/bin/env bash
# Fetches what the bench analyses, at the commits that the figures were measured with: fetch-corpora.sh FOLDER
set -euo pipefail

folder=${1:?usage: fetch-corpora.sh FOLDER}
mkdir -p "$folder"

fetch() {
  local name=$1 url=$2 commit=$3; shift 3
  [ -d "$folder/$name/.git" ] || git clone --quiet --filter=blob:none --no-checkout "$url" "$folder/$name"
  git -C "$folder/$name" sparse-checkout set --no-cone "$@"
  git -C "$folder/$name" checkout --quiet "$commit"
}

# A .NET program that calls gateways and models.
fetch gateway https://github.com/clawdotnet/openclaw.net 90c8ae1cf513c5a595b7235c9127365082fbdf80 \
  /src/OpenClaw.Agent/ /src/OpenClaw.Client/ /src/OpenClaw.Core/
# A library that calls nothing.
fetch plain https://github.com/JamesNK/Newtonsoft.Json 09bb545d72969ad7fb4ea07db0d5c34f4fc07877 /Src/Newtonsoft.Json/
echo "gateway=$folder/gateway/src plain=$folder/plain/Src"
