//! E-mail addresses of people: who one is when signing in.

use crate::error::Fault;

/// RFC 5321 §4.5.3.1.
pub const EMAIL_CHARS_MAX: usize = 254;
const LOCAL_CHARS_MAX: usize = 64;
const LABEL_CHARS_MAX: usize = 63;

/// An address as it was written, with its domain in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email(String);

impl Email {
    /// Reads an address; only its form is checked, since whether it receives mail shows when mail is sent.
    ///
    /// # Errors
    /// Where it has not the form `name@example.com`.
    pub fn parse(pointer: &str, text: &str) -> Result<Email, Fault> {
        let fault = || {
            let detail = "write an e-mail address like katrin@example.com";
            Fault::new(pointer, "email_unreadable", text, detail)
        };
        let (local, domain) = text.trim().rsplit_once('@').ok_or_else(fault)?;
        let domain = domain.to_lowercase();
        let is_right = is_local(local) && is_domain(&domain);
        let email = format!("{local}@{domain}");
        if is_right && email.chars().count() <= EMAIL_CHARS_MAX { Ok(Email(email)) } else { Err(fault()) }
    }

    pub fn text(&self) -> &str {
        &self.0
    }

    /// What is compared.
    pub fn key(&self) -> String {
        key(&self.0)
    }
}

/// Addresses compare without regard to case and surrounding space.
pub fn key(text: &str) -> String {
    text.trim().to_lowercase()
}

fn is_local(local: &str) -> bool {
    let is_allowed = |letter: char| letter.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~-".contains(letter);
    local.chars().count() <= LOCAL_CHARS_MAX
        && local.split('.').all(|part| !part.is_empty() && part.chars().all(is_allowed))
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LABEL_CHARS_MAX).contains(&label.chars().count())
            && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    domain.contains('.') && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::Email;

    #[test]
    fn an_address_keeps_its_name_and_lowers_its_domain() {
        for (text, shown, key) in [
            ("katrin@example.com", "katrin@example.com", "katrin@example.com"),
            ("  K.Huber+crm@Example.COM ", "K.Huber+crm@example.com", "k.huber+crm@example.com"),
            ("jörg@bäckerei-huber.de", "jörg@bäckerei-huber.de", "jörg@bäckerei-huber.de"),
            ("o'neill@mail.co.uk", "o'neill@mail.co.uk", "o'neill@mail.co.uk"),
        ] {
            let email = Email::parse("/email", text).expect(text);
            assert_eq!((email.text(), email.key().as_str()), (shown, key));
        }
    }

    #[test]
    fn what_is_no_address_is_named() {
        let long = format!("{}@example.com", "a".repeat(65));
        for text in [
            "",
            "katrin",
            "@example.com",
            "katrin@",
            "katrin@localhost",
            "a b@example.com",
            "a@b@example.com",
            ".a@example.com",
            "a..b@example.com",
            "a@-example.com",
            "a@example..com",
            "a@exa mple.com",
            "a@example.com\nBcc: b@example.com",
            long.as_str(),
        ] {
            let fault = Email::parse("/email", text).expect_err(text);
            assert_eq!((fault.pointer.as_str(), fault.code.as_str()), ("/email", "email_unreadable"));
            assert_eq!(fault.value, text);
        }
    }
}
