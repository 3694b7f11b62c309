//! The gradebook as Canvas imports it: `Student,ID,SIS Login ID,Section,"Title (id)"`.

use super::csv::{finish, record, writer};
use super::{Gradebook, State};

/// A line for each person who handed in. Canvas finds them by `ID`, its own number, or by `SIS Login ID`; an empty
/// score leaves what was there.
///
/// `assignment` is the column's heading, such as `Cookies (4711)`.
#[must_use]
pub fn canvas(gradebook: &Gradebook, assignment: &str) -> String {
    let mut lines = writer();
    record(&mut lines, ["Student", "ID", "SIS Login ID", "Section", assignment].map(str::to_owned));
    if let Some(possible) = gradebook.possible {
        let points = ["    Points Possible", "", "", "", &possible.to_string()].map(str::to_owned);
        record(&mut lines, points);
    }
    let handed_in = gradebook.rows.iter().filter(|row| !matches!(row.state, State::Missing));
    for row in handed_in {
        for who in &row.people {
            let earned = row.state.earned().map(|earned| earned.to_string()).unwrap_or_default();
            // Where names are hidden, what stands in an export is no number of Canvas's.
            let is_number = |id: &&String| id.bytes().all(|byte| byte.is_ascii_digit());
            let id = who.id.as_ref().filter(is_number).cloned().unwrap_or_default();
            let login = who.login.clone().or(who.email.clone()).unwrap_or_default();
            record(&mut lines, [who.name.clone(), id, login, String::new(), earned]);
        }
    }
    finish(lines)
}
