//! The import statements of a Python file.

use super::scan::Token;

/// One imported module or name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import {
    /// The module with its dots, those of a relative import in front: `flask`, `.routes`.
    pub(crate) module: String,
    /// The name taken from it, of `from … import`.
    pub(crate) name: Option<String>,
    /// What it is called here.
    pub(crate) local: String,
}

/// What an import statement brings.
pub(crate) fn imports(tokens: &[Token]) -> Vec<Import> {
    let Some(start) = tokens.iter().position(|token| token.is("import")) else { return Vec::new() };
    let after = &tokens[start + 1..];
    if start == 0 {
        return split(after).into_iter().filter_map(plain_import).collect();
    }
    // `from` need not be the first word: `try: from x import y` is one line.
    let Some(from) = tokens[..start].iter().position(|token| token.is("from")) else { return Vec::new() };
    let module = dotted(&tokens[from + 1..start]);
    let named = |part: &[Token]| {
        let names: Vec<&str> = part.iter().filter_map(Token::name).collect();
        let (name, local) = match names.as_slice() {
            [name, "as", local] => (name, local),
            [name, ..] => (name, name),
            [] if part.contains(&Token::Sign('*')) => (&"*", &"*"),
            [] => return None,
        };
        Some(Import { module: module.clone(), name: Some((*name).to_owned()), local: (*local).to_owned() })
    };
    split(after).into_iter().filter_map(named).collect()
}

fn plain_import(part: &[Token]) -> Option<Import> {
    let alias = part.iter().position(|token| token.is("as"));
    let module = dotted(&part[..alias.unwrap_or(part.len())]);
    let local = match alias {
        Some(at) => part.get(at + 1)?.name()?,
        None => module.split('.').next()?,
    };
    Some(Import { local: local.to_owned(), module: module.clone(), name: None })
}

/// The parts between commas.
fn split(tokens: &[Token]) -> Vec<&[Token]> {
    tokens.split(|token| *token == Token::Sign(',')).collect()
}

/// Names and dots as they were written.
fn dotted(tokens: &[Token]) -> String {
    let text = |token: &Token| match token {
        Token::Name(name) => name.clone(),
        Token::Sign('.') => ".".to_owned(),
        Token::Sign(_) | Token::Str(_) => String::new(),
    };
    tokens.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submission::scan::scan;

    #[test]
    fn imports_are_read_in_all_their_forms() {
        let source = "import a.b, c as d\nfrom .x import (y,\n  z as w)\nfrom . import v\n\
                      try: from q import r\nexcept E: pass\nfrom s import *";
        let shown: Vec<String> = scan(source)
            .iter()
            .flat_map(|line| imports(&line.tokens))
            .map(|import| format!("{}:{}={}", import.module, import.name.as_deref().unwrap_or(""), import.local))
            .collect();
        assert_eq!(shown, ["a.b:=a", "c:=d", ".x:y=y", ".x:z=w", ".:v=v", "q:r=r", "s:*=*"]);
    }
}
