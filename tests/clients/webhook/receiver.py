"""Another system that is told by webhooks and checks each message with Standard Webhooks' own library: a test, an
event, both secrets while one replaces the other. Arguments: the server's address, a token, a unit."""

import json
import queue
import sys
import threading
import urllib.request
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

address, token, unit = sys.argv[1:]
came = queue.Queue()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        came.put((body, {name.lower(): value for name, value in self.headers.items()}))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()


def ask(operation, kind, fields, value):
    query = f"mutation($i: {kind}!) {{ answer: {operation}(input: $i) {{ ... on {operation[0].upper()}{operation[1:]}Done {{ {fields} }} }} }}"
    body = json.dumps({"query": query, "variables": {"i": value}}).encode()
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    with urllib.request.urlopen(urllib.request.Request(f"{address}/graphql", body, headers), timeout=10) as answer:
        said = json.load(answer)
    assert said.get("data", {}).get("answer"), said
    return said["data"]["answer"]


def ping():
    ask("pingWebhookEndpoint", "PingWebhookEndpointInput", "delivery { id }", {"id": endpoint})
    return came.get(timeout=20)


made = ask(
    "createWebhookEndpoint", "CreateWebhookEndpointInput", "secret endpoint { id }",
    {"unitId": unit, "url": f"http://127.0.0.1:{server.server_port}/", "description": "Python", "events": ["ACTIVITY_PUBLISHED"]},
)
endpoint, secret = made["endpoint"]["id"], made["secret"]

body, headers = ping()
assert Webhook(secret).verify(body, headers)["type"] == "webhook.ping"
for wrong_body, wrong in [(body + b" ", headers), (body, {**headers, "webhook-id": "other"})]:
    try:
        Webhook(secret).verify(wrong_body, wrong)
    except WebhookVerificationError:
        continue
    raise AssertionError("a message that was tampered with passes")

begins = datetime.now(timezone.utc) + timedelta(days=2)
plan = {
    "hostUnitId": unit, "kind": "THEME_PARTY_DAY", "title": "回调测试",
    "startsAt": begins.isoformat(), "endsAt": (begins + timedelta(hours=1)).isoformat(),
}
activity = ask("createActivity", "CreateActivityInput", "activity { id }", plan)["activity"]["id"]
ask("publishActivity", "ActivityStepInput", "activity { id }", {"id": activity})
body, headers = came.get(timeout=20)
event = Webhook(secret).verify(body, headers)
assert (event["type"], event["data"]["id"]) == ("activity.published", activity), event

new = ask("rotateWebhookSecret", "RotateWebhookSecretInput", "secret", {"id": endpoint})["secret"]
body, headers = ping()
for valid in [secret, new]:
    Webhook(valid).verify(body, headers)
ask("deleteWebhookEndpoint", "DeleteWebhookEndpointInput", "endpoint { id }", {"id": endpoint})
print("Python: a test, an event and both secrets were verified")
