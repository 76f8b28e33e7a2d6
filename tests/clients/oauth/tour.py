"""OAuth as libraries speak it that know nothing of this server: Authlib finds everything by the metadata, refreshes,
asks about tokens and revokes them; PyJWT verifies access tokens by the published keys alone."""

import base64
import json
import os

import jwt
import requests
from authlib.integrations.requests_client import OAuth2Session, OAuthError
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata, get_well_known_url

# Authlib, too, wants https but where it is told that this is loopback.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
URL = os.environ["ASHLAR_URL"]


def main():
    metadata = discover()
    tokens = sign_in()
    verify(metadata, tokens["access_token"])
    refuse_a_changed_claim(metadata, tokens["access_token"])
    with client(metadata, tokens) as session:
        old, new = tokens["refresh_token"], refresh(metadata, session)
        is_active(metadata, new["access_token"], new["access_token"], True)
        is_active(metadata, new["access_token"], new["refresh_token"], True)
        is_active(metadata, new["access_token"], old, False)
        verify(metadata, new["access_token"])
        revoke(metadata, session, new)
    print("The tour is over.")


def discover():
    answer = requests.get(get_well_known_url(URL, external=True), timeout=30)
    answer.raise_for_status()
    metadata = AuthorizationServerMetadata(answer.json())
    for name in AuthorizationServerMetadata.REGISTRY_KEYS:
        # Required (RFC 8414, section 2), and empty where no grant needs one; Authlib takes empty for absent.
        if name != "response_types_supported":
            getattr(metadata, f"validate_{name}")()
    assert metadata["response_types_supported"] == []
    assert metadata["issuer"] == URL, metadata
    return metadata


def sign_in():
    """The one thing that is not OAuth's: there is no authorization endpoint."""
    body = {"email": os.environ["ASHLAR_EMAIL"], "password": os.environ["ASHLAR_PASSWORD"]}
    answer = requests.post(f"{URL}/api/v1/auth/login", json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()


def client(metadata, tokens):
    [method] = metadata["token_endpoint_auth_methods_supported"]
    [revoking] = metadata["revocation_endpoint_auth_methods_supported"]
    return OAuth2Session(
        "ashlar",
        token=tokens,
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=revoking,
    )


def refresh(metadata, session):
    old = dict(session.token)
    new = session.refresh_token(metadata["token_endpoint"], old["refresh_token"])
    assert new["token_type"] == "Bearer" and new["expires_in"] > 0, new.keys()
    for kind in ["access_token", "refresh_token"]:
        assert new[kind] != old[kind], kind
    me = session.get(f"{URL}/api/v1/me")
    assert me.status_code == 200 and me.json()["email"] == os.environ["ASHLAR_EMAIL"], me.status_code
    return dict(new)


def is_active(metadata, by, token, expected):
    assert metadata["introspection_endpoint_auth_methods_supported"] == ["Bearer"]
    headers = {"Authorization": f"Bearer {by}"}
    body = {"token": token}
    answer = requests.post(metadata["introspection_endpoint"], data=body, headers=headers, timeout=30)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store", answer.status_code
    told = answer.json()
    assert told["active"] is expected, told
    assert expected or told == {"active": False}, told


def revoke(metadata, session, tokens):
    answer = session.revoke_token(metadata["revocation_endpoint"], tokens["refresh_token"], "refresh_token")
    assert answer.status_code == 200, answer.status_code
    assert session.get(f"{URL}/api/v1/me").status_code == 401
    try:
        session.refresh_token(metadata["token_endpoint"], tokens["refresh_token"])
    except OAuthError as refused:
        assert refused.error == "invalid_grant", refused
    else:
        raise AssertionError("a revoked token was refreshed")


def verify(metadata, token):
    key = jwt.PyJWKClient(metadata["jwks_uri"]).get_signing_key_from_jwt(token)
    assert key.algorithm_name == "ES256" and jwt.get_unverified_header(token)["typ"] == "at+jwt"
    required = ["iss", "sub", "aud", "exp", "iat", "jti", "client_id", "scope"]
    claims = jwt.decode(
        token,
        key,
        algorithms=["ES256"],
        audience="ashlar",
        issuer=metadata["issuer"],
        options={"require": required},
    )
    assert claims["client_id"] == "ashlar" and claims["scope"] == "full", claims.keys()
    return claims


def refuse_a_changed_claim(metadata, token):
    header, claims, signature = token.split(".")
    changed = json.loads(base64.urlsafe_b64decode(claims + "=="))
    changed["sub"] = "00000000-0000-7000-8000-000000000000"
    changed = base64.urlsafe_b64encode(json.dumps(changed).encode()).rstrip(b"=").decode()
    try:
        verify(metadata, f"{header}.{changed}.{signature}")
    except jwt.InvalidSignatureError:
        pass
    else:
        raise AssertionError("a changed claim was believed")


main()
