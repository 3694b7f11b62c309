//! A submission's own text, for hints that name a line.

/// One readable source file of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The path within the submission, with `/` between folders.
    pub path: String,
    /// The text, lossy UTF-8, without a byte order mark; line ends are `\n`.
    pub text: String,
}
