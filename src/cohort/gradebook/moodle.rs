//! The grading worksheet that Moodle gives for an assignment, filled in.

use super::causes::cause;
use super::csv::{finish, harmless, writer};
use super::{Gradebook, Row};
use crate::locale::Catalogue;
use crate::message::Message;
use crate::report::{Audience, view};

/// A worksheet with grades in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The worksheet's text.
    pub text: String,
    /// How many lines have a grade now.
    pub grades: usize,
    /// How many graded people are not in it.
    pub absent: usize,
}

/// What columns are called in English and in Chinese.
const IDENTIFIER: [&str; 4] = ["identifier", "标识符", "识别号", "编号"];
const GRADE: [&str; 3] = ["grade", "成绩", "评分"];
const MAXIMUM: [&str; 3] = ["maximum grade", "最高分", "最高成绩"];
const FEEDBACK: [&str; 3] = ["feedback comments", "反馈评论", "反馈意见"];
const EMAIL: [&str; 3] = ["email address", "电子邮件地址", "邮箱"];

/// What feedback of ours begins with, so that a second filling replaces it and a teacher's own words stay.
const OURS: &str = "checker: ";

/// Fills in grades and feedback; every other cell stays as it was, and so does the grade of whoever has no points.
///
/// Points become the worksheet's own scale if it names a maximum.
///
/// # Errors
/// A message if the text is no worksheet.
pub fn moodle(gradebook: &Gradebook, worksheet: &str, catalogue: &Catalogue) -> Result<Filled, Message> {
    let (mark, text) = match worksheet.strip_prefix('\u{feff}') {
        Some(text) => ("\u{feff}", text),
        None => ("", worksheet),
    };
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let wrong = |error: ::csv::Error| Message::new("moodle-wrong").with("detail", error.to_string());
    let mut lines = reader.records().collect::<Result<Vec<_>, _>>().map_err(wrong)?.into_iter();
    let heading = lines.next().unwrap_or_default();
    let at = |names: &[&str]| heading.iter().position(|cell| names.contains(&cell.trim().to_lowercase().as_str()));
    let (Some(identifier), Some(grade)) = (at(&IDENTIFIER), at(&GRADE)) else {
        return Err(Message::new("moodle-columns"));
    };
    let columns = Columns { identifier, grade, maximum: at(&MAXIMUM), feedback: at(&FEEDBACK), email: at(&EMAIL) };
    let mut written = writer();
    let mut write = |cells: Vec<String>| written.write_record(cells).expect("memory takes every record");
    write(heading.iter().map(str::to_owned).collect());
    let mut filled = Filled { text: String::new(), grades: 0, absent: 0 };
    let mut found = Vec::new();
    for line in lines {
        let mut cells: Vec<String> = line.iter().map(str::to_owned).collect();
        if let Some(place) = gradebook.rows.iter().position(|row| columns.is_theirs(&cells, row)) {
            found.push(place);
            filled.grades +=
                usize::from(columns.fill(&mut cells, &gradebook.rows[place], gradebook.possible, catalogue));
        }
        write(cells);
    }
    let graded = |(place, row): (usize, &Row)| row.state.earned().is_some() && !found.contains(&place);
    filled.absent = gradebook.rows.iter().enumerate().filter(|row| graded(*row)).count();
    filled.text = format!("{mark}{}", finish(written));
    Ok(filled)
}

struct Columns {
    identifier: usize,
    grade: usize,
    maximum: Option<usize>,
    feedback: Option<usize>,
    email: Option<usize>,
}

impl Columns {
    /// Whether a line belongs to somebody of the row: `Participant 2001` is who handed in as 2001.
    fn is_theirs(&self, cells: &[String], row: &Row) -> bool {
        let cell = |place: usize| cells.get(place).map(String::as_str).unwrap_or_default();
        let number = cell(self.identifier).rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
        let email = self.email.map(cell).unwrap_or_default();
        row.people.iter().any(|who| {
            let by_number = !number.is_empty() && (row.key == number || who.id.as_deref() == Some(number));
            by_number || (!email.is_empty() && who.email.as_deref() == Some(email))
        })
    }

    /// Whether the line has a grade of ours now.
    fn fill(&self, cells: &mut [String], row: &Row, possible: Option<u32>, catalogue: &Catalogue) -> bool {
        let maximum =
            self.maximum.and_then(|place| cells.get(place)).and_then(|cell| cell.replace(',', ".").parse().ok());
        let grade = row.state.earned().map(|earned| scaled(earned, possible, maximum));
        if let (Some(cell), Some(grade)) = (cells.get_mut(self.grade), &grade) {
            cell.clone_from(grade);
        }
        let feedback = self.feedback.and_then(|place| cells.get_mut(place));
        if let Some(cell) = feedback.filter(|cell| cell.is_empty() || cell.starts_with(OURS)) {
            *cell = harmless(&feedback_for(row, possible, catalogue).unwrap_or_default());
        }
        grade.is_some()
    }
}

/// Points on a scale that ends at `maximum`, with two decimals as Moodle writes them.
fn scaled(earned: u32, possible: Option<u32>, maximum: Option<f64>) -> String {
    match (possible, maximum) {
        (Some(possible), Some(maximum)) if possible > 0 => {
            format!("{:.2}", f64::from(earned) * maximum / f64::from(possible))
        }
        _ => format!("{earned}.00"),
    }
}

/// What a student reads: the points and what went wrong; that it could not be graded, if so.
fn feedback_for(row: &Row, possible: Option<u32>, catalogue: &Catalogue) -> Option<String> {
    let said = match (row.state.report()?, row.state.earned()) {
        (_, None) => catalogue.label("verdict-error"),
        (_, Some(earned)) => {
            let points = Message::new("book-points").with("earned", earned.to_string());
            let points = catalogue.say(&points.with("possible", possible.unwrap_or_default().to_string()));
            // The student reads it, so what the exercise hides is not in it.
            let seen = view(row.state.report()?, Audience::Student, catalogue);
            match cause(&seen) {
                Some(cause) => format!("{points}; {}", cause.said),
                None => points,
            }
        }
    };
    Some(format!("{OURS}{said}"))
}
