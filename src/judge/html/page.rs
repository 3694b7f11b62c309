//! A page as selectors and people see it: its elements in the order of the page, and its text.

use super::tree::{self, Kind, Nodes};

/// The elements and the text of a page.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// In the order of the page: an element stands before those inside it.
    pub(super) elements: Vec<Element>,
    pieces: Vec<Piece>,
}

/// An element and where it stands.
#[derive(Debug)]
pub(super) struct Element {
    /// In lower case.
    pub(super) name: String,
    /// In the order of the page, names in lower case.
    pub(super) attributes: Vec<(String, String)>,
    /// The element that it stands in.
    pub(super) parent: Option<usize>,
    /// The element beside it, before it.
    pub(super) previous: Option<usize>,
    /// Whether it holds neither elements nor text.
    pub(super) is_empty: bool,
    /// Where its text begins and ends.
    pieces: std::ops::Range<usize>,
}

impl Element {
    /// The value of an attribute, if it is there.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(there, _)| there == name).map(|(_, value)| value.as_str())
    }
}

/// A piece of a page's text.
#[derive(Debug)]
enum Piece {
    /// What people see.
    Shown(String),
    /// What is for the browser: scripts and styles.
    Kept(String),
    /// Where a line or a cell ends.
    Gap,
}

/// Elements that stand in a line of text; between others there is a gap.
const INLINE: [&str; 28] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q",
    "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var",
];

/// Elements whose text nobody sees.
const UNSEEN: [&str; 2] = ["script", "style"];

impl Page {
    /// The page of this text; none for one that is too long or too deep to be looked at.
    pub(super) fn new(text: &str) -> Option<Page> {
        let nodes = tree::parse(text)?;
        let mut page = Page::default();
        page.walk(&nodes);
        Some(page)
    }

    fn walk(&mut self, nodes: &Nodes) {
        // A node, which of its children is next, and its number among the elements.
        let mut path: Vec<(usize, usize, Option<usize>)> = vec![(0, 0, None)];
        let mut last_children: Vec<Option<usize>> = vec![None];
        while let Some((node, next, own)) = path.last_mut() {
            let own = *own;
            let Some(child) = nodes[*node].children.get(*next).copied() else {
                path.pop();
                last_children.pop();
                if let Some(own) = own {
                    self.leave(own);
                }
                continue;
            };
            *next += 1;
            match &nodes[child].kind {
                Kind::Text(text) => self.text(own, text),
                Kind::Other => {}
                Kind::Element { name, attributes, .. } => {
                    let number = self.elements.len();
                    let previous = last_children.last_mut().and_then(|last| last.replace(number));
                    self.enter(name.local.to_string(), attributes.clone(), own, previous);
                    path.push((child, 0, Some(number)));
                    last_children.push(None);
                }
            }
        }
    }

    fn enter(
        &mut self,
        name: String,
        attributes: Vec<(String, String)>,
        parent: Option<usize>,
        previous: Option<usize>,
    ) {
        if let Some(parent) = parent {
            self.elements[parent].is_empty = false;
        }
        if !INLINE.contains(&name.as_str()) {
            self.pieces.push(Piece::Gap);
        }
        let pieces = self.pieces.len()..self.pieces.len();
        self.elements.push(Element { name, attributes, parent, previous, is_empty: true, pieces });
    }

    fn leave(&mut self, number: usize) {
        self.elements[number].pieces.end = self.pieces.len();
        if !INLINE.contains(&self.elements[number].name.as_str()) {
            self.pieces.push(Piece::Gap);
        }
    }

    fn text(&mut self, own: Option<usize>, text: &str) {
        let Some(own) = own else { return };
        let element = &mut self.elements[own];
        element.is_empty = false;
        let is_seen = !UNSEEN.contains(&element.name.as_str());
        self.pieces.push(if is_seen { Piece::Shown(text.to_owned()) } else { Piece::Kept(text.to_owned()) });
    }

    /// The text of an element as people see it, white space drawn together; of a script or a style its own text.
    pub(super) fn text_of(&self, number: usize) -> String {
        let element = &self.elements[number];
        let is_seen = !UNSEEN.contains(&element.name.as_str());
        let mut text = String::new();
        for piece in &self.pieces[element.pieces.clone()] {
            match piece {
                Piece::Shown(piece) => text.push_str(piece),
                Piece::Kept(piece) if !is_seen => text.push_str(piece),
                Piece::Kept(_) => {}
                Piece::Gap => text.push(' '),
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
