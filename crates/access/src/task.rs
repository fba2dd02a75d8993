//! What works beyond any person's reach. There are no other reasons; a new one needs a decision record.

/// A purpose for which statements are not bound to a viewer. They stay bound to the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Task {
    /// Finding territory and owner of a lead, its duplicates and its known owner; handing out the queue.
    Assignment,
    /// Carrying on an import that somebody with the right has started.
    Import,
    /// Finding out who is calling.
    Telephony,
    /// Deleting what has been kept long enough.
    Retention,
    /// Recognising a caller by session, token or password, before there is a viewer.
    SignIn,
    /// What everybody may do with their own account, whatever the role: name, language, hours, absences, password.
    OwnAccount,
    /// The first start: making the workspace and its administrator.
    Setup,
    /// Sealing the audit log, delivering the outbox, cleaning up.
    Upkeep,
}
