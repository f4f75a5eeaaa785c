"""Keeps a copy of a roster in step: BASE_URL=… TOKEN=… UNIT=… python3 sync_roster.py roster.json"""
import json, os, sys, urllib.parse, urllib.request

api, path = os.environ["BASE_URL"] + "/api/v1", sys.argv[1]
copy = json.load(open(path)) if os.path.exists(path) else {"members": {}, "since": None}
query = {"unitId": os.environ["UNIT"], "limit": 100}
if copy["since"]:
    query["updatedSince"] = copy["since"]
first = None
while True:
    url = f"{api}/members?{urllib.parse.urlencode(query)}"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {os.environ['TOKEN']}"})
    page = json.load(urllib.request.urlopen(request))
    for change in page["items"]:  # an item without a member is a tombstone
        copy["members"].pop(change["id"], None) if change["member"] is None else copy["members"].update({change["id"]: change["member"]})
    first = first or page["syncedAt"]  # the first page's: what changes while one reads comes again
    if not page["next"]:
        break
    query["after"] = page["next"]
copy["since"] = first
json.dump(copy, open(path, "w"), ensure_ascii=False, indent=1)
print(len(copy["members"]), "members")
