use application::PageRequest;
use chrono::DateTime;
use domain::sessions::{RefreshTokenHash, SessionId};
use domain::users::Status;
use support::factories::sessions::{refresh_token, session};
use support::factories::users::user;

use super::{SOMEBODY, Watch};

pub(super) async fn look_at_reader(watch: &mut Watch) {
    watch
        .look_at("SessionReader::standing", "", async |store| {
            let session = SessionId(SOMEBODY.0);
            let standing = store.reads().sessions().standing(session).await;
            assert!(standing.expect("the database is there").is_some());
        })
        .await;
    watch
        .look_at("SessionReader::list", "", async |store| {
            let page = PageRequest {
                limit: 20,
                after: None,
            };
            let sessions = store.reads().sessions();
            let found = sessions.list(SOMEBODY, DateTime::UNIX_EPOCH, &page).await;
            assert_eq!(found.expect("the database is there").items.len(), 1);
        })
        .await;
    watch
        .look_at("SessionReader::find_token", "", async |store| {
            let sessions = store.reads().sessions();
            let found = sessions.find_token(&RefreshTokenHash([7; 32])).await;
            assert_eq!(found, Ok(None));
        })
        .await;
}

pub(super) async fn look_at_writer(watch: &mut Watch) {
    let mut somebody = user(Status::Active);
    somebody.id = SOMEBODY;
    watch
        .look_at_write("SessionWriter::insert", async |tx| {
            let inserted = tx.sessions_mut().insert(&session(&somebody)).await;
            inserted.expect("their user is there");
        })
        .await;
    watch
        .look_at_write("SessionWriter::end_all", async |tx| {
            let sessions = tx.sessions_mut();
            let ended = sessions.end_all(SOMEBODY, somebody.created_at).await;
            ended.expect("they are there");
        })
        .await;
}

pub(super) async fn look_at_tokens(watch: &mut Watch) {
    let mut somebody = user(Status::Active);
    somebody.id = SOMEBODY;
    let mut session = session(&somebody);
    session.id = SessionId(SOMEBODY.0);
    let token = refresh_token(&session);
    watch
        .look_at_write("SessionWriter::lock", async |tx| {
            let locked = tx.sessions_mut().lock(session.id).await;
            assert!(locked.expect("nobody holds it").is_some());
        })
        .await;
    watch
        .look_at_write("SessionWriter::end_others", async |tx| {
            let sessions = tx.sessions_mut();
            let at = session.created_at;
            let ended = sessions.end_others(SOMEBODY, session.id, at).await;
            ended.expect("the database is there");
        })
        .await;
    watch
        .look_at_write("SessionWriter::lock_by_token", async |tx| {
            let locked = tx.sessions_mut().lock_by_token(&token.hash).await;
            assert_eq!(locked, Ok(None));
        })
        .await;
    watch
        .look_at_write("SessionWriter::insert_token", async |tx| {
            let inserted = tx.sessions_mut().insert_token(&token).await;
            inserted.expect("their session is there");
        })
        .await;
    watch
        .look_at_write("SessionWriter::spend_token", async |tx| {
            let sessions = tx.sessions_mut();
            let spent = sessions.spend_token(&token.hash, token.created_at).await;
            assert_eq!(spent, Ok(false));
        })
        .await;
    watch
        .look_at_write("SessionWriter::update", async |tx| {
            let updated = tx.sessions_mut().update(&session).await;
            updated.expect("it is there");
        })
        .await;
    watch
        .look_at_write("SessionWriter::end", async |tx| {
            let ended = tx.sessions_mut().end(session.id, session.created_at).await;
            ended.expect("the database is there");
        })
        .await;
}
