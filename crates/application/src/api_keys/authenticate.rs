use domain::api_keys::ApiKeyToken;
use domain::roles::Rights;
use domain::sessions::SessionError;
use domain::users::Status;

use super::ApiKeys;
use super::known::Reading;
use crate::revocations::Judgement;
use crate::{Actor, Error, Origin};

impl ApiKeys {
    /// Who sends a key, and with which rights: those of its scopes that its owner has at this moment.
    ///
    /// What that costs: what has not the form of a key, or not its checksum, half a microsecond; a key that was good here
    /// within an access token's life one SHA-256 and two look-ups in memory, as the feed of revocations says whether it
    /// still is; any other one statement, and so do all while the feed is silent. Nothing is written, whatever comes: when
    /// a key was used, [`super::ApiKeyUses`] writes down later.
    ///
    /// # Errors
    /// `TokenInvalid` when it is no key, or none any more; the store's when it has to be asked.
    pub async fn authenticate(&self, origin: &Origin, token: &str) -> Result<Actor, Error> {
        let invalid = SessionError::TokenInvalid;
        let given = ApiKeyToken::parse(token).ok_or(invalid)?;
        let now = self.clock.now();
        if let Some(reading) = self.known.find(given.id) {
            // Neither ever changes.
            let is_it = self.secrets.matches(&given.secret, &reading.standing.hash);
            if !is_it || reading.standing.expires_at <= now {
                return Err(invalid.into());
            }
            if let Judgement::Valid(rights) = self.revocations.judge_key(&reading, now) {
                return Ok(self.acting(&reading, rights, origin, now));
            }
        }

        let found = self.database.api_keys().standing(given.id).await?;
        let good = found.filter(|it| {
            self.secrets.matches(&given.secret, &it.hash)
                && it.status == Status::Active
                && now < it.expires_at
        });
        let standing = good.ok_or(invalid)?;
        let rights = standing.rights;
        let reading = Reading { standing, at: now };
        let actor = self.acting(&reading, rights, origin, now);
        // Only what was good: so nobody fills the memory without having keys.
        self.known.put(reading);
        Ok(actor)
    }

    fn acting(
        &self,
        reading: &Reading,
        owners: Rights,
        origin: &Origin,
        now: chrono::DateTime<chrono::Utc>,
    ) -> Actor {
        let key = &reading.standing;
        self.known.used(key.id, now);
        let rights = key.scopes.cut_by(owners);
        Actor::by_api_key(key.id, key.user_id, rights, origin)
    }
}
