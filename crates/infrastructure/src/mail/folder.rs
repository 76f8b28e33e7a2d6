use std::path::PathBuf;

use application::outbox::MailFailure;
use domain::outbox::OutboxMessageId;
use lettre::Message;
use tokio::fs;
use tokio::io::AsyncWriteExt;

/// Where a developer reads mail. Its files are for their owner alone: they hold tokens.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    /// As a whole, or not at all.
    pub(super) async fn put(
        &self,
        id: OutboxMessageId,
        message: &Message,
    ) -> Result<(), MailFailure> {
        let (name, bytes) = (id.0.to_string(), message.formatted());
        let written = async {
            let mut folder = fs::DirBuilder::new();
            folder.recursive(true).mode(0o700).create(&self.0).await?;
            let draft = self.0.join(format!("{name}.draft"));
            let mut file = fs::OpenOptions::new();
            let file = file.write(true).create(true).truncate(true).mode(0o600);
            let mut file = file.open(&draft).await?;
            file.write_all(&bytes).await?;
            file.sync_all().await?;
            fs::rename(&draft, self.0.join(format!("{name}.eml"))).await
        };
        let failed =
            |it: std::io::Error| MailFailure::Transient(format!("mail.folder: {}", it.kind()));
        written.await.map_err(failed)
    }
}
