//! Submissions that are the same: byte for byte, or but for layout, comments and names.
//!
//! It is a hint for people to look at and is never in a score: a lesson's own listing makes many programs alike, and
//! two students may have been told to work together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use tree_sitter::{Language, Node, Parser};

use super::intake::{Cohort, Entrant};
use crate::submission;

/// Submissions that are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group<'a> {
    /// In which way.
    pub same: Same,
    /// Whose, two and more, in the cohort's order.
    pub entrants: Vec<&'a Entrant>,
}

/// In which way submissions are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Same {
    /// The same files with the same contents.
    Bytes,
    /// The same programs but for white space, comments and the names that they give to things.
    Form,
}

/// The groups of a cohort, the larger ones first. `scratch` is a private folder for what archives hold.
#[must_use]
pub fn similar<'a>(cohort: &'a Cohort, scratch: &Path) -> Vec<Group<'a>> {
    let mut by_bytes: BTreeMap<String, Vec<&Entrant>> = BTreeMap::new();
    let mut by_form: BTreeMap<Vec<String>, BTreeMap<String, Vec<&Entrant>>> = BTreeMap::new();
    for entrant in &cohort.entrants {
        let Some(attempt) = entrant.latest() else { continue };
        let options = submission::Options { command: None, python: None, scratch };
        let found = submission::find(&attempt.path, &options);
        let digest = match &found {
            Ok(found) => found.digest.clone(),
            Err(_) => submission::digest(&attempt.path),
        };
        by_bytes.entry(digest.clone()).or_default().push(entrant);
        let sources = found.map(|found| submission::sources(&found)).unwrap_or_default();
        let mut forms: Vec<_> = sources.iter().map(|source| form(&source.path, &source.text)).collect();
        forms.sort();
        if forms.iter().any(|form| !form.is_empty()) {
            by_form.entry(forms).or_default().entry(digest).or_default().push(entrant);
        }
    }
    let several = |entrants: &Vec<&Entrant>| entrants.len() > 1;
    let bytes = by_bytes.into_values().filter(several).map(|entrants| Group { same: Same::Bytes, entrants });
    // Those that are the same byte for byte are a group already; with others they are one more.
    let forms = by_form.into_values().filter(|digests| digests.len() > 1).map(|digests| {
        let mut entrants: Vec<_> = digests.into_values().flatten().collect();
        entrants.sort_by(|a, b| a.key.cmp(&b.key));
        Group { same: Same::Form, entrants }
    });
    let mut groups: Vec<_> = bytes.chain(forms).collect();
    groups.sort_by_key(|group| (std::cmp::Reverse(group.entrants.len()), group.same));
    groups
}

/// A program's form: its words, with a number for each name that it defines. Of a language whose grammar is not known
/// here, the text without white space.
fn form(path: &str, text: &str) -> String {
    let grammar = match Path::new(path).extension().and_then(|ending| ending.to_str()) {
        Some("py" | "pyw") => Some(Language::new(tree_sitter_python::LANGUAGE)),
        Some("js" | "mjs" | "cjs") => Some(Language::new(tree_sitter_javascript::LANGUAGE)),
        _ => None,
    };
    let tree = grammar.and_then(|grammar| {
        let mut parser = Parser::new();
        parser.set_language(&grammar).ok()?;
        parser.parse(text, None)
    });
    match tree {
        Some(tree) => words(tree.root_node(), text),
        None => text.split_whitespace().collect(),
    }
}

fn words(root: Node, text: &str) -> String {
    let leaves = leaves(root);
    let own: BTreeSet<&str> =
        leaves.iter().filter(|leaf| is_definition(**leaf)).map(|leaf| said(*leaf, text)).collect();
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut form = String::new();
    for leaf in leaves {
        let word = said(leaf, text);
        if is_name(leaf) && own.contains(word) {
            let next = numbers.len();
            form.push_str(&format!("\u{1}{}", numbers.entry(word).or_insert(next)));
        } else {
            form.push_str(word);
        }
        form.push('\u{1f}');
    }
    form
}

fn said<'t>(leaf: Node, text: &'t str) -> &'t str {
    text.get(leaf.byte_range()).unwrap_or_default()
}

/// The words of a program in order, without comments and texts that stand alone, which are comments too.
fn leaves(root: Node) -> Vec<Node> {
    let mut found = Vec::new();
    let mut open = vec![root];
    while let Some(node) = open.pop() {
        let lone_text = node.kind() == "expression_statement"
            && node.named_child_count() == 1
            && node.named_child(0).is_some_and(|child| child.kind() == "string");
        if node.kind() == "comment" || lone_text {
            continue;
        }
        // What kind of quotes a text has does not matter, what is in it does.
        if node.child_count() == 0 && !matches!(node.kind(), "string_start" | "string_end" | "\"" | "'" | ";") {
            found.push(node);
        }
        let mut cursor = node.walk();
        let children: Vec<_> = node.children(&mut cursor).collect();
        open.extend(children.into_iter().rev());
    }
    found
}

/// Whether a word is a name that the program could have chosen: not what is behind a dot or names an argument of
/// somebody else's function.
fn is_name(leaf: Node) -> bool {
    let Some(parent) = leaf.parent().filter(|_| leaf.kind() == "identifier") else { return false };
    let is = |field: &str| parent.child_by_field_name(field) == Some(leaf);
    match parent.kind() {
        "attribute" => !is("attribute"),
        "keyword_argument" => !is("name"),
        _ => true,
    }
}

/// Whether a name is given here.
fn is_definition(leaf: Node) -> bool {
    let Some(parent) = leaf.parent().filter(|_| is_name(leaf)) else { return false };
    let is = |field: &str| parent.child_by_field_name(field) == Some(leaf);
    match parent.kind() {
        "function_definition"
        | "class_definition"
        | "function_declaration"
        | "class_declaration"
        | "variable_declarator"
        | "default_parameter"
        | "typed_default_parameter" => is("name"),
        "assignment"
        | "for_statement"
        | "for_in_statement"
        | "for_in_clause"
        | "assignment_expression"
        | "augmented_assignment"
        | "assignment_pattern" => is("left"),
        "aliased_import" => is("alias"),
        "parameters" | "lambda_parameters" | "formal_parameters" | "typed_parameter" | "pattern_list"
        | "tuple_pattern" | "as_pattern_target" | "array_pattern" | "import_clause" => true,
        "arrow_function" => is("parameter"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROGRAM: &str = "from flask import Flask, request\napp = Flask(__name__)\n\n@app.route('/get')\n\
                           def get_cookie():\n    value = request.cookies.get('time')\n    return str(value)\n";

    #[test]
    fn layout_comments_and_own_names_do_not_count() {
        let other = "# mine\nfrom flask import Flask, request\nserver = Flask(__name__)\n\n\n@server.route(\"/get\")\n\
                     def show():  # shows it\n    \"\"\"Shows it.\"\"\"\n    x = request.cookies.get( \"time\" )\n\n    return str(x)\n";
        assert_eq!(form("app.py", PROGRAM), form("main.py", other));
    }

    #[test]
    fn what_a_program_does_counts() {
        let changes = [
            ("'time'", "'Time'"),
            ("cookies.get", "args.get"),
            ("str(value)", "repr(value)"),
            ("return str(value)", "return str(app)"),
            ("/get", "/got"),
        ];
        for (from, to) in changes {
            assert!(PROGRAM.contains(from));
            assert_ne!(form("app.py", PROGRAM), form("app.py", &PROGRAM.replace(from, to)), "{from}");
        }
    }

    #[test]
    fn javascript_has_a_form_too() {
        let (one, other) = (
            "const app = express();\napp.get('/', (req, res) => { res.send('x'); });",
            "// x\nconst server = express()\nserver.get('/', (a, b) => {\n  b.send(\"x\")\n})\n",
        );
        assert_eq!(form("a.js", one), form("b.js", other));
        assert_ne!(form("a.js", one), form("b.js", &other.replace("send", "end")));
    }
}
