use std::io::{Error, ErrorKind, Result};
use std::path::PathBuf;

use minijinja::{AutoEscape, Environment, Value, context};
use tokio::fs;
use uuid::Uuid;

/// What a server has mailed into files, to look at.
pub(super) struct MailFolder {
    folder: PathBuf,
    templates: Environment<'static>,
}

/// So many of the latest are listed.
const LISTED: usize = 100;

impl MailFolder {
    /// # Panics
    /// Never: the template is compiled in, and a test renders it.
    pub(super) fn of(folder: PathBuf) -> Self {
        let mut templates = Environment::new();
        templates.set_auto_escape_callback(|_| AutoEscape::Html);
        let page = include_str!("page.html");
        let added = templates.add_template(PAGE, page);
        added.expect("the template is well-formed");
        Self { folder, templates }
    }

    /// A page that lists them, latest first.
    ///
    /// # Errors
    /// When the files cannot be read.
    pub(super) async fn page(&self) -> Result<String> {
        let mut entries = Vec::new();
        for id in self.latest().await? {
            // Somebody may have thrown it away this moment.
            if let Some(mail) = self.mail(id).await? {
                entries.push(entry(id, &mail));
            }
        }
        let page = self.templates.get_template(PAGE);
        let page = page.and_then(|it| it.render(context! { entries }));
        page.map_err(Error::other)
    }

    /// One of them, as it was sent.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) async fn mail(&self, id: Uuid) -> Result<Option<String>> {
        match fs::read(self.folder.join(format!("{id}.eml"))).await {
            Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Their names are in the order of time.
    async fn latest(&self) -> Result<Vec<Uuid>> {
        let mut files = match fs::read_dir(&self.folder).await {
            Ok(files) => files,
            // Nothing was sent yet.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut ids = Vec::new();
        while let Some(file) = files.next_entry().await? {
            let name = file.file_name().into_string().unwrap_or_default();
            let id = name.strip_suffix(".eml").unwrap_or_default();
            ids.extend(id.parse::<Uuid>());
        }
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids.truncate(LISTED);
        Ok(ids)
    }
}

/// What the list says of a mail.
fn entry(id: Uuid, mail: &str) -> Value {
    let to = header(mail, "To");
    // What stands before it is a name, and may be encoded.
    let address = to.rsplit(['<', ' ']).next().unwrap_or_default();
    context! {
        file => format!("{id}.eml"),
        to => address.trim_end_matches('>'),
        subject => header(mail, "Subject"),
    }
}

/// The first line of it.
fn header<'a>(mail: &'a str, name: &str) -> &'a str {
    let (head, _) = mail.split_once("\r\n\r\n").unwrap_or((mail, ""));
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    let field = fields.find(|(field, _)| field.eq_ignore_ascii_case(name));
    field.map_or("", |(_, value)| value)
}

const PAGE: &str = "inbox.html";

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "each test has a folder of its own"
)]
mod tests {
    use super::*;

    const FIRST: &str = "01936f5e-8c00-7000-8000-000000000000";
    const SECOND: &str = "01936f5e-8c01-7000-8000-000000000000";

    fn inbox(mails: &[(&str, &str)]) -> (tempfile::TempDir, MailFolder) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in mails {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let inbox = MailFolder::of(folder.path().to_owned());
        (folder, inbox)
    }

    fn mail(to: &str, subject: &str) -> String {
        format!("To: {to}\r\nSubject: {subject}\r\n\r\nSubject: not this\r\n")
    }

    #[tokio::test]
    async fn the_latest_mail_stands_first_and_its_words_are_no_markup() {
        let first = mail("Ada <ada@example.org>", "<script>alert(1)</script>");
        let second = mail("bob@example.org", "Hello");
        let (_folder, inbox) = inbox(&[
            (&format!("{FIRST}.eml"), &first),
            (&format!("{SECOND}.eml"), &second),
            (&format!("{SECOND}.draft"), "not yet"),
            ("notes.eml", "no mail of ours"),
        ]);

        let page = inbox.page().await.unwrap();

        let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
        assert!(at(SECOND) < at(FIRST));
        assert!(at("bob@example.org") < at("ada@example.org"));
        assert!(
            !page.contains("<script>") && !page.contains("notes"),
            "{page}"
        );
        assert_eq!(page.matches(".eml\"").count(), 2);
        let id = FIRST.parse().unwrap();
        assert_eq!(inbox.mail(id).await.unwrap(), Some(first));
    }

    #[tokio::test]
    async fn where_nothing_was_sent_nothing_is_listed() {
        let (folder, _) = inbox(&[]);
        let inbox = MailFolder::of(folder.path().join("not/there"));

        let page = inbox.page().await.unwrap();

        assert!(page.contains("No mail yet"), "{page}");
        assert_eq!(inbox.mail(Uuid::nil()).await.unwrap(), None);
    }

    #[tokio::test]
    async fn what_is_no_folder_is_told() {
        let (folder, _) = inbox(&[("file", "")]);

        let read = MailFolder::of(folder.path().join("file")).page().await;

        assert!(read.is_err());
    }
}
