"""Another system, written with Authlib: finds the server by its metadata, gets a token, asks GraphQL, asks about
the token, takes it back, and is turned away. Arguments: the server's address, client id, client secret."""

import sys

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata, get_well_known_url

address, client_id, secret = sys.argv[1:]

found = requests.get(get_well_known_url(address, external=True), timeout=10)
found.raise_for_status()
metadata = AuthorizationServerMetadata(found.json())
# Authlib asks for https, which a proxy speaks; all else is checked as it stands.
secure = AuthorizationServerMetadata(
    {k: v.replace("http://", "https://") if isinstance(v, str) else v for k, v in metadata.items()}
)
secure.validate()


def units(session):
    query = {"query": "{ orgUnits { nodes { code } } }"}
    accept = {"accept": "application/graphql-response+json"}
    return session.post(f"{address}/graphql", json=query, headers=accept)


for method in ["client_secret_basic", "client_secret_post"]:
    session = OAuth2Session(client_id, secret, token_endpoint_auth_method=method, scope="units:read")
    token = session.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")
    assert token["scope"] == "units:read", token
    answer = units(session)
    assert len(answer.json()["data"]["orgUnits"]["nodes"]) == 1, answer.text

    text = token["access_token"]
    told = session.introspect_token(metadata["introspection_endpoint"], token=text).json()
    assert told["active"] is True and told["client_id"] == client_id, told
    session.revoke_token(metadata["revocation_endpoint"], token=text).raise_for_status()
    told = session.introspect_token(metadata["introspection_endpoint"], token=text).json()
    assert told == {"active": False}, told
    refused = units(session)
    assert refused.status_code == 401, refused.text
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]

    for wrong in [{"scope": "members:read"}, {"resource": "https://elsewhere.example/api"}]:
        try:
            session.fetch_token(metadata["token_endpoint"], grant_type="client_credentials", **wrong)
        except OAuthError as error:
            assert error.error in ("invalid_scope", "invalid_target"), error
        else:
            raise AssertionError(f"{wrong} was granted")
print("Authlib: passed")
