//! The language that people are spoken to in.

use super::args::Language;
use crate::exercise::Lang;

/// The language asked for, else the one of the locale.
pub(super) fn language(asked: Option<Language>) -> Lang {
    match asked {
        Some(language) => language.into(),
        None => of_locale(|name| std::env::var(name).ok()),
    }
}

/// POSIX: the first of these variables that is set and not empty decides. What is not Chinese is answered in English.
fn of_locale(variable: impl Fn(&str) -> Option<String>) -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable).find(|value| !value.is_empty());
    match set {
        Some(locale) if locale.to_ascii_lowercase().starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&str, &str)]) -> Lang {
        of_locale(|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn the_first_variable_that_is_set_decides() {
        assert_eq!(with(&[("LC_ALL", "zh_CN.UTF-8"), ("LANG", "en_US")]), Lang::Zh);
        assert_eq!(with(&[("LC_ALL", ""), ("LANG", "zh_TW")]), Lang::Zh);
        assert_eq!(with(&[("LC_MESSAGES", "C"), ("LANG", "zh_CN")]), Lang::En);
        assert_eq!(with(&[]), Lang::En);
    }
}
