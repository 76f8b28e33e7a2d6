use application::{CursorSeal, PageRequest, Position};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use crate::master_key::MasterKeys;
use crate::seal::Seal;

/// Seals positions, in base64url. A cursor opens only where it was made.
pub struct AeadCursorSeal(Seal);

impl AeadCursorSeal {
    #[must_use]
    pub fn new(masters: &MasterKeys) -> Self {
        Self(Seal::new(masters, "ashlar cursor v1"))
    }
}

impl CursorSeal for AeadCursorSeal {
    fn seal(&self, context: &str, position: &Position) -> String {
        let mut text = position.id.into_bytes().to_vec();
        text.extend_from_slice(position.key.as_bytes());
        URL_SAFE_NO_PAD.encode(self.0.seal(context, &text))
    }

    fn open(&self, context: &str, cursor: &str) -> Option<Position> {
        if cursor.len() > PageRequest::MAX_CURSOR {
            return None;
        }
        let sealed = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let opened = self.0.open(context, &sealed)?;
        let (id, key) = opened.split_first_chunk()?;
        Some(Position {
            id: Uuid::from_bytes(*id),
            key: str::from_utf8(key).ok()?.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(secret: &str) -> AeadCursorSeal {
        AeadCursorSeal::new(&MasterKeys::new(&secret.repeat(32).into(), &[]).unwrap())
    }

    fn position() -> Position {
        Position {
            key: "Ada, Łódź".into(),
            id: Uuid::from_u128(7),
        }
    }

    #[test]
    fn a_sealed_position_opens_again() {
        let empty = Position {
            key: String::new(),
            ..position()
        };
        for position in [position(), empty] {
            let cursor = seal("a").seal("users", &position);

            assert_eq!(seal("a").open("users", &cursor), Some(position));
        }
    }

    #[test]
    fn the_same_position_never_looks_the_same() {
        let seal = seal("a");

        assert_ne!(seal.seal("", &position()), seal.seal("", &position()));
    }

    #[test]
    fn a_cursor_does_not_open_in_another_context_or_with_another_key() {
        let cursor = seal("a").seal("users", &position());

        assert_eq!(seal("a").open("users?status=active", &cursor), None);
        assert_eq!(seal("a").open("", &cursor), None);
        assert_eq!(seal("b").open("users", &cursor), None);
    }

    #[test]
    fn no_bit_can_be_flipped_and_no_byte_left_out() {
        let seal = seal("a");
        let sealed = URL_SAFE_NO_PAD
            .decode(seal.seal("users", &position()))
            .unwrap();

        for at in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[at] ^= 1;
            for changed in [&flipped[..], &sealed[..at]] {
                assert_eq!(seal.open("users", &URL_SAFE_NO_PAD.encode(changed)), None);
            }
        }
    }

    #[test]
    fn garbage_opens_to_nothing() {
        let padded = format!("{}=", seal("a").seal("users", &position()));
        for cursor in ["", "A", "not base64!", "ä", "AAAA", &padded] {
            assert_eq!(seal("a").open("users", cursor), None, "{cursor:?}");
        }
    }

    #[test]
    fn what_is_sealed_but_too_short_for_an_id_opens_to_nothing() {
        let seal = seal("a");
        let sealed = seal.0.seal("users", b"short");

        assert_eq!(seal.open("users", &URL_SAFE_NO_PAD.encode(sealed)), None);
    }

    #[test]
    fn a_huge_cursor_is_refused_even_when_it_was_sealed_here() {
        let seal = seal("a");
        let huge = Position {
            key: "x".repeat(PageRequest::MAX_CURSOR),
            ..position()
        };

        assert_eq!(seal.open("users", &seal.seal("users", &huge)), None);
        assert_eq!(seal.open("users", &"A".repeat(10_000_000)), None);
    }
}
