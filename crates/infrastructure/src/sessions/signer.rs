use std::sync::Arc;

use application::Error;
use application::sessions::{AccessClaims, PublicKey, TokenSigner, Unverified};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use secrecy::SecretString;

use super::claims::Claims;
use super::key::{SignerError, SigningKey};
use super::ring::SigningRing;

/// Access tokens as RFC 9068 wants them, signed with the P-256 keys of a ring. It reads what it could
/// have made itself, and nothing else.
pub struct Es256Signer {
    ring: Arc<SigningRing>,
    validation: Validation,
    issuer: String,
    audience: String,
}

impl Es256Signer {
    #[must_use]
    pub fn new(ring: Arc<SigningRing>, issuer: String, audience: String) -> Self {
        Self {
            ring,
            validation: validation(&issuer, &audience),
            issuer,
            audience,
        }
    }

    /// A new P-256 key as PKCS#8 in PEM (RFC 5958, RFC 7468).
    ///
    /// # Errors
    /// `KeyNotMade` when the system cannot make one.
    pub fn generate_pem() -> Result<SecretString, SignerError> {
        SigningKey::generate_pem()
    }

    fn read(&self, token: &str, now: DateTime<Utc>) -> Option<Result<AccessClaims, Unverified>> {
        if token.len() > MAX_LENGTH {
            return None;
        }
        let kid = own_kid(decode_header(token).ok()?)?;
        let held = self.ring.held();
        let Some(key) = held.find(&kid) else {
            return self
                .ring
                .can_change()
                .then_some(Err(Unverified::UnknownKey));
        };
        let claims = decode::<Claims>(token, &key.verifying, &self.validation)
            .ok()?
            .claims;
        let begins = claims.begins()?;
        let access = claims.into_access()?;
        let valid = begins <= now + SKEW && now < access.expires_at;
        valid.then_some(Ok(access))
    }
}

/// Of a header as this server makes it: with its `alg` and a `kid`; no `crit` asks for what is not
/// understood here (RFC 7515, section 4.1.11), and no `jwk`, `jku`, `x5c` or `x5u` brings another key
/// (RFC 8725, section 3.10).
fn own_kid(mut given: Header) -> Option<String> {
    // RFC 9068, section 4: with or without `application/`; media types ignore the case.
    let same = |typ: &String| {
        let typ = typ.to_ascii_lowercase();
        typ.strip_prefix("application/").unwrap_or(&typ) == TYPE
    };
    given.typ.as_ref().filter(|it| same(it))?;
    let kid = given.kid.take()?;
    let own = header(kid);
    given.typ.clone_from(&own.typ);
    given.kid.clone_from(&own.kid);
    (given == own).then_some(own.kid)?
}

fn header(kid: String) -> Header {
    Header {
        typ: Some(TYPE.to_owned()),
        kid: Some(kid),
        ..Header::new(Algorithm::ES256)
    }
}

impl TokenSigner for Es256Signer {
    fn sign(&self, claims: &AccessClaims) -> Result<SecretString, Error> {
        let held = self.ring.held();
        let none = || Error::Broken("there is no signing key".to_owned());
        let key = held.signing(claims.issued_at).ok_or_else(none)?;
        let claims = Claims::new(claims, &self.issuer, &self.audience);
        let token = encode(&header(key.public.kid.clone()), &claims, &key.signing)
            .map_err(|_| Error::Broken("an access token could not be signed".to_owned()))?;
        if token.len() > MAX_LENGTH {
            let text = "an access token has more roles in it than it can carry";
            return Err(Error::Broken(text.to_owned()));
        }
        Ok(token.into())
    }

    fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<AccessClaims, Unverified> {
        self.read(token, now).unwrap_or(Err(Unverified::Invalid))
    }

    fn public_keys(&self) -> Vec<PublicKey> {
        self.ring.held().public()
    }
}

const TYPE: &str = "at+jwt";

/// In bytes; the header that carries it has its limits too. It is room for 40 roles with the
/// longest names.
const MAX_LENGTH: usize = 4_096;

/// How far a token may come from the future: clocks step back, and the instance that signed it may
/// be a little ahead (RFC 7519, section 4.1.5). Nothing is added to `exp`.
const SKEW: TimeDelta = TimeDelta::seconds(5);

fn validation(issuer: &str, audience: &str) -> Validation {
    let mut validation = Validation::new(Algorithm::ES256);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[audience]);
    validation.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
    // It would ask the system's clock; `read` is told the time.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING as ASN1, EcdsaKeyPair};
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64URL;
    use domain::roles::RoleName;
    use domain::sessions::{SessionId, TokenVersion};
    use domain::users::UserId;
    use jsonwebtoken::EncodingKey;
    use secrecy::ExposeSecret;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn signer() -> Es256Signer {
        let pem = Es256Signer::generate_pem().unwrap();
        over(SigningRing::of_pem(&pem).unwrap())
    }

    fn over(ring: SigningRing) -> Es256Signer {
        Es256Signer::new(Arc::new(ring), "https://issuer".into(), "api".into())
    }

    impl Es256Signer {
        fn key(&self) -> Arc<SigningKey> {
            let held = self.ring.held();
            Arc::clone(held.find(&held.public()[0].kid).unwrap())
        }
    }

    fn time(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn claims() -> AccessClaims {
        AccessClaims {
            id: Uuid::from_u128(1),
            user_id: UserId(Uuid::from_u128(2)),
            session_id: SessionId(Uuid::from_u128(3)),
            token_version: TokenVersion(4),
            roles: vec![RoleName::administrator(), RoleName::member()],
            authenticated_at: time(NOW - 60),
            issued_at: time(NOW),
            expires_at: time(NOW + 600),
        }
    }

    fn signed(signer: &Es256Signer) -> String {
        let token = signer.sign(&claims()).unwrap();
        token.expose_secret().to_owned()
    }

    fn part(token: &str, at: usize) -> Value {
        let part = token.split('.').nth(at).unwrap();
        serde_json::from_slice(&BASE64URL.decode(part).unwrap()).unwrap()
    }

    /// The signer's own token with a header field or a claim changed (`null`: taken away), and a
    /// good signature.
    fn changed(signer: &Es256Signer, at: usize, name: &str, value: &Value) -> String {
        let mut parts = [0, 1].map(|at| part(&signed(signer), at));
        match value {
            Value::Null => drop(parts[at].as_object_mut().unwrap().remove(name).unwrap()),
            value => parts[at][name] = value.clone(),
        }
        let message = parts
            .map(|part| BASE64URL.encode(part.to_string()))
            .join(".");
        let by =
            jsonwebtoken::crypto::sign(message.as_bytes(), &signer.key().signing, Algorithm::ES256);
        format!("{message}.{}", by.unwrap())
    }

    fn accepts(signer: &Es256Signer, token: &str) -> bool {
        signer.verify(token, time(NOW)).is_ok()
    }

    #[test]
    fn what_is_signed_is_read_again() {
        let signer = signer();

        let token = signed(&signer);

        assert_eq!(signer.verify(&token, time(NOW)), Ok(claims()));
        let kid = &signer.public_keys()[0].kid;
        let header = json!({ "typ": "at+jwt", "alg": "ES256", "kid": kid });
        assert_eq!(part(&token, 0), header);
        let id = |id| Uuid::from_u128(id).to_string();
        let body = json!({
            "iss": "https://issuer", "sub": id(2), "aud": "api", "exp": NOW + 600, "iat": NOW,
            "jti": id(1), "client_id": "ashlar", "scope": "full", "auth_time": NOW - 60,
            "sid": id(3), "roles": ["administrator", "member"], "ver": 4,
        });
        assert_eq!(part(&token, 1), body);
    }

    #[test]
    fn a_token_lasts_until_its_end_and_not_at_it() {
        let signer = signer();
        let (token, end) = (signed(&signer), claims().expires_at);

        let last = end - TimeDelta::microseconds(1);
        assert!(signer.verify(&token, last).is_ok());
        assert_eq!(signer.verify(&token, end), Err(Unverified::Invalid));
    }

    #[test]
    fn a_token_from_the_future_is_refused_but_for_a_little() {
        let signer = signer();
        for name in ["iat", "nbf"] {
            assert!(accepts(
                &signer,
                &changed(&signer, 1, name, &json!(NOW + 5))
            ));
            assert!(!accepts(
                &signer,
                &changed(&signer, 1, name, &json!(NOW + 6))
            ));
        }
    }

    #[test]
    fn the_type_is_a_media_type() {
        let signer = signer();
        for typ in [
            "at+jwt",
            "AT+JWT",
            "application/at+jwt",
            "Application/At+Jwt",
        ] {
            assert!(
                accepts(&signer, &changed(&signer, 0, "typ", &json!(typ))),
                "{typ}"
            );
        }
    }

    #[test]
    fn a_signed_header_is_refused_when_anything_else_is_in_it() {
        let signer = signer();
        let PublicKey { x, y, .. } = &signer.key().public;
        let key = json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y });
        for (name, value) in [
            ("typ", json!("JWT")),
            ("typ", json!("application/application/at+jwt")),
            ("typ", Value::Null),
            ("kid", json!("another")),
            ("kid", Value::Null),
            ("alg", json!("none")),
            ("alg", json!("HS256")),
            ("alg", json!("ES384")),
            ("alg", Value::Null),
            ("crit", json!(["exp"])),
            ("crit", json!([])),
            ("jwk", key),
            ("jku", json!("https://issuer/jwks.json")),
            ("x5u", json!("https://issuer/x5u")),
            ("x5c", json!(["MIIB"])),
            ("zip", json!("DEF")),
            ("b64", json!(false)),
        ] {
            assert!(
                !accepts(&signer, &changed(&signer, 0, name, &value)),
                "{name}: {value}"
            );
        }
    }

    #[test]
    fn signed_claims_are_refused_when_one_is_wrong() {
        let signer = signer();
        for (name, value) in [
            ("aud", json!("another")),
            ("aud", json!(["api", "another"])),
            ("iss", json!("https://another")),
            ("iss", json!(["https://issuer", "https://another"])),
            ("client_id", json!("another")),
            ("scope", json!("full read")),
            ("exp", json!(NOW)),
            ("exp", json!("1900000000")),
            ("exp", json!(i64::MAX)),
            ("iat", json!(i64::MAX)),
            ("nbf", json!("soon")),
            ("sub", json!("ada")),
            ("roles", json!("member")),
            ("roles", json!(["Not a role"])),
        ] {
            assert!(
                !accepts(&signer, &changed(&signer, 1, name, &value)),
                "{name}: {value}"
            );
        }
    }

    #[test]
    fn no_claim_may_be_missing() {
        let signer = signer();
        let body = part(&signed(&signer), 1);
        for name in body.as_object().unwrap().keys() {
            assert!(
                !accepts(&signer, &changed(&signer, 1, name, &Value::Null)),
                "{name}"
            );
        }
    }

    #[test]
    fn no_other_signature_is_taken() {
        let (signer, another) = (signer(), signer());
        let token = signed(&signer);
        let (message, signature) = token.rsplit_once('.').unwrap();
        let other_body = signed(&another);
        let other_body = other_body.split('.').nth(1).unwrap();
        let header = message.split('.').next().unwrap();
        let der = EcdsaKeyPair::from_pkcs8(&ASN1, signer.key().signing.as_bytes()).unwrap();
        let der = der.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        let of_another = changed(&another, 0, "kid", &json!(signer.key().public.kid));
        let hmac_header = Header {
            alg: Algorithm::HS256,
            ..super::header(signer.key().public.kid.clone())
        };
        let secret = EncodingKey::from_secret(signer.key().verifying.try_get_as_bytes().unwrap());
        let hmac = encode(&hmac_header, &part(&token, 1), &secret).unwrap();
        let none = BASE64URL.encode(json!({ "typ": "at+jwt", "alg": "none" }).to_string());

        assert!(accepts(&signer, &token));
        for forged in [
            signed(&another),
            of_another,
            hmac,
            format!("{none}.{other_body}."),
            format!("{message}.{}", BASE64URL.encode(der)),
            format!("{message}.{}", BASE64URL.encode([0; 64])),
            format!("{header}.{}.{signature}", BASE64URL.encode("{}")),
            format!("{token}."),
            format!("{token}=="),
            format!(" {token}"),
            "x".repeat(10_000_000),
        ] {
            assert!(!accepts(&signer, &forged), "{forged:.300}");
        }
        assert!((0..token.len()).all(|end| !accepts(&signer, &token[..end])));
    }

    #[test]
    fn what_would_be_too_long_to_be_read_is_not_signed() {
        let longest = RoleName::parse(&"a".repeat(RoleName::MAX)).unwrap();
        let with = |count| AccessClaims {
            roles: vec![longest.clone(); count],
            ..claims()
        };

        assert!(signer().sign(&with(40)).is_ok());
        assert!(matches!(signer().sign(&with(60)), Err(Error::Broken(_))));
    }
}
