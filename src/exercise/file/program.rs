//! A check's own program.

use toml::de::DeValue;

use super::reader::{Field, Fields, Reader};
use crate::exercise::validate::StepNotes;
use crate::exercise::{PROGRAM_TIMEOUT, ProgramStep, Step};

/// The steps of a check that a program decides: that program. None if the check says nothing of one.
pub(super) fn steps(reader: &mut Reader<'_>, fields: &mut Fields<'_>) -> Option<(Vec<Step>, Vec<StepNotes>)> {
    let (exec, timeout) = (fields.get("exec"), fields.get("timeout"));
    let Some(exec) = exec else {
        if let Some(timeout) = timeout {
            let help = "a request has `elapsed` in what it expects, or `request` in `[limits]`".to_owned();
            reader.wrong("`timeout` belongs to `exec`", timeout.key_span, Some(help));
        }
        return None;
    };
    if let Some(steps) = fields.get("steps") {
        let help = "make two checks of it".to_owned();
        reader.wrong("a check has `steps` or `exec`", steps.key_span, Some(help));
    }
    let command = command(reader, &exec);
    let at = timeout.and_then(|field| Some((reader.duration(&field)?, field.span)));
    let step = command.map(|command| {
        let timeout = at.as_ref().map_or(PROGRAM_TIMEOUT, |(timeout, _)| *timeout);
        Step::Program(ProgramStep { command, timeout })
    });
    // Like a pause, it must fit into the run.
    let wait = at.map(|(value, span)| crate::exercise::diagnostic::At { value, span });
    Some((step.into_iter().collect(), vec![StepNotes { wait, ..StepNotes::default() }]))
}

fn command(reader: &mut Reader<'_>, field: &Field<'_>) -> Option<Vec<String>> {
    if let DeValue::String(line) = field.value {
        let words: Vec<_> = line.split_whitespace().map(|word| format!("{word:?}")).collect();
        let help = format!("write [{}]", words.join(", "));
        reader.wrong("`exec` must be a list of words, not a line", field.span.clone(), Some(help));
        return None;
    }
    let elements = reader.list(field)?;
    if elements.is_empty() {
        let help = "it names a program and its arguments, as in `[\"python3\", \"probe.py\"]`".to_owned();
        reader.wrong("`exec` is an empty list", field.span.clone(), Some(help));
        return None;
    }
    let mut words = Vec::new();
    for (place, element) in elements.iter().enumerate() {
        let word = reader.string(element)?;
        if word.contains('\0') || (place == 0 && word.trim().is_empty()) {
            reader.wrong(format!("`{}` names no program", word.escape_debug()), element.span.clone(), None);
            return None;
        }
        words.push(word.to_owned());
    }
    Some(words)
}

/// Refuses the evidence that only a check of the other kind has.
pub(super) fn refuse_foreign_evidence(reader: &mut Reader<'_>, fields: &mut Fields<'_>, is_program: bool) {
    let (foreign, help): (&[&'static str], _) = if is_program {
        (&["step", "status", "body", "failure"], "a check with `exec` has `output` and `log` as evidence")
    } else {
        (&["output"], "what a server writes is in `log`")
    };
    for key in foreign {
        if let Some(field) = fields.get(key) {
            let message = match is_program {
                true => format!("`{key}` is evidence of a request, and this check makes none"),
                false => format!("`{key}` is evidence of a program, and this check has none"),
            };
            reader.wrong(message, field.key_span, Some(help.to_owned()));
        }
    }
}
