# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide "From Route 53" in README.md: its commands, one after the other, as they are."""

import os
import re
import shutil
import subprocess
import unittest

from steer import env
from steer.case import write
from steer.route53 import (ELB, OWN, alias, changes, health_check, health_checks, hosted_zone,
                           text, values, weighted, zone)
from steer.route53story import Route53Story
from steer.wait import until

README = os.path.join(os.path.dirname(__file__), "..", "..", "README.md")
KDIG = shutil.which("kdig")
BLUE = "0b8b2ec4-3e0f-4a54-9a14-1f2d3c4b5a69"

# What aws answers, by its words, instead of Route 53.
AWS = """#!/bin/sh
case "$*" in
"route53 list-resource-record-sets --hosted-zone-id {zone}") exec cat {dir}/answers/zone.json ;;
"route53 get-hosted-zone --id {zone}") exec cat {dir}/answers/id.json ;;
"route53 list-health-checks") exec cat {dir}/answers/checks.json ;;
"route53 change-resource-record-sets --cli-input-json file://changes.json")
	exec test -s changes.json ;;
esac
echo "aws: no such answer: $*" >&2
exit 2
"""
EXEC = "#!/bin/sh\nexec {words} \"$@\"\n"


def guide():
    """The commands of the section, in order."""
    with open(README, encoding="utf-8") as file:
        section = re.search(r"\n## From Route 53\n(.*?)\n## ", file.read(), re.S).group(1)
    return re.findall(r"^    (\S.*)$", section, re.M)


class FromRoute53(Route53Story):

    def program(self, name, script):
        os.makedirs(self.path("bin"), exist_ok=True)
        os.chmod(write(self.path("bin", name), script), 0o755)

    def answers(self):
        """An account of usual shape."""
        os.mkdir(self.path("answers"))
        for name, answer in (
                ("zone", zone(
                    alias("example.com.", "www.example.com.", evaluate=True),
                    values("example.com.", "MX", "10 mail.example.com.", ttl=300),
                    values("example.com.", "TXT", "\"v=spf1 mx -all\"", ttl=300),
                    alias("shop.example.com.", "dualstack.lb-1.eu-west-1.elb.amazonaws.com.", ELB),
                    values("\\052.dev.example.com.", "A", "192.0.2.9"),
                    *weighted("www.example.com.", [9, 0], HealthCheckId=BLUE))),
                ("id", text(hosted_zone(comment="the shop"))),
                ("checks", text(health_checks(
                    health_check(BLUE, Type="HTTPS", FullyQualifiedDomainName="www.example.com",
                                 Port=443, RequestInterval=30, FailureThreshold=3),
                    health_check("alarm", Type="CLOUDWATCH_METRIC", AlarmIdentifier={
                        "Region": "eu-west-1", "Name": "cpu"}))))):
            self.file(f"answers/{name}.json", answer)
        self.file("changes.json", text({"HostedZoneId": OWN, "ChangeBatch": changes(
            ("UPSERT", values("www.example.com.", "A", "192.0.2.77", SetIdentifier="a", Weight=9,
                              HealthCheckId=BLUE)))}))

    def shell(self, command):
        """Runs a command of the guide; its output. Only what check finds makes it exit by 1."""
        variables = env.environment(STEER_STORAGE=self.steer.directory, PATH=os.pathsep.join(
            [self.path("bin"), os.environ["PATH"], "/usr/sbin"]))
        done = subprocess.run(command, shell=True, cwd=self.dir, env=variables, check=False,
                              capture_output=True, text=True, timeout=env.PATIENCE)
        self.assertEqual(done.returncode, 1 if command == "steerctl check" else 0,
                         f"{command}\n{done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    @unittest.skipIf(KDIG is None, "kdig is not installed")
    def test_the_guide(self):
        host = self.host(store=self.steer.directory).start()
        self.program("aws", AWS.format(zone=OWN, dir=self.dir))
        self.program("steerctl", EXEC.format(words=env.STEERCTL))
        self.program("kdig", EXEC.format(words=f"{KDIG} -p {host.port}"))
        self.answers()
        commands = guide()
        self.assertEqual([words.split()[0] for words in commands[:3]], 3 * ["aws"])
        self.assertGreater(len(commands), 11)
        said = {command: self.shell(command) for command in commands[:-2]}
        self.assertIn("names that no zone here has, such as those of AWS services: 1;",
                      said[commands[5]])
        self.assertIn("+shop.example.com.", said[commands[4]])
        self.assertIn("alarm", said["steerctl health list"])
        self.assertIn("dualstack.lb-1.eu-west-1", said["steerctl target list"])
        # What the last change made of the name that the apex is an alias of.
        address, servers = commands[-2:]
        until("the answers", lambda: self.shell(address).split() == ["192.0.2.77"])
        self.assertEqual(sorted(self.shell(servers).split()),
                         ["ns1.example.net.", "ns2.example.net."])
        self.assertIn("the shop", self.steer.ok("zone", "show", "example.com"))
