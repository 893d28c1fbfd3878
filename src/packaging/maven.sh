#!/bin/sh
# Puts what Maven Central takes into target/release/maven, laid out like a repository: jar, sources, Javadoc, POM; and the
# list of components (SBOM) beside it. JReleaser signs and uploads it.
set -eu
packaging=$(dirname "$0")
. "$packaging/common.sh"

plugins=org.apache.maven.plugins
step "Maven artifacts"
rm -rf "$out/maven"
"$root/mvnw" -q -f "$root/pom.xml" -P '!checks' -Dmaven.test.skip=true ${MAVEN_OFFLINE:+-o} \
    -Ddoclint=none -DoutputFormat=json -DoutputName="$name-$version.cdx" -DoutputReactor=false \
    -DschemaVersion=1.6 -DincludeTestScope=false -Dcyclonedx.skipAttach=true \
    -DaltDeploymentRepository="release::file:$out/maven" \
    package "$plugins:maven-source-plugin:3.3.1:jar-no-fork" "$plugins:maven-javadoc-plugin:3.11.2:jar" \
    org.cyclonedx:cyclonedx-maven-plugin:2.9.1:makeBom "$plugins:maven-deploy-plugin:3.1.4:deploy"
cp "$root/target/$name-$version.cdx.json" "$out/"
find "$out/maven" -name 'maven-metadata*' -exec rm -f {} +
find "$out/maven" -type f
