//! A page as html5ever's parser builds it, as browsers do: a tree of nodes by their numbers.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::tree_builder::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::{Attribute, LocalName, Namespace, QualName, parse_document};

/// The longest page that is looked at, in bytes.
const LONGEST: usize = 256 * 1024;
/// How deep elements may stand in each other; Chromium's own limit.
const DEEPEST: usize = 512;
/// How many nodes a page may have.
const MOST: usize = 100_000;
/// How much is read between two looks at these limits, in bytes.
const CHUNK: usize = 1024;

/// The nodes of a page; the document is the first.
pub(super) type Nodes = Vec<Node>;

/// A node and where it stands.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) children: Vec<usize>,
    parent: Option<usize>,
    depth: usize,
}

/// What a node is.
#[derive(Debug)]
pub(super) enum Kind {
    Element {
        name: QualName,
        /// In the order of the page, names in lower case.
        attributes: Vec<(String, String)>,
        /// Where the contents of a `template` are, which is no part of the page.
        contents: Option<usize>,
    },
    Text(String),
    /// The document, a comment, the contents of a template.
    Other,
}

/// The page of this text. Every text is one, but for those that are made to be hard: the parser of browsers takes time
/// and memory that grow with the square of how deep elements stand in each other.
pub(super) fn parse(text: &str) -> Option<Nodes> {
    let sink = Sink { nodes: RefCell::new(vec![Node::new(Kind::Other)]), deepest: Cell::new(0) };
    let mut parser = parse_document(sink, html5ever::ParseOpts::default());
    let mut rest = text;
    while !rest.is_empty() {
        let end = (CHUNK.min(rest.len())..=rest.len()).find(|end| rest.is_char_boundary(*end))?;
        parser.process(StrTendril::from(&rest[..end]));
        rest = &rest[end..];
        let sink = &parser.tokenizer.sink.sink;
        if text.len() > LONGEST || sink.deepest.get() > DEEPEST || sink.nodes.borrow().len() > MOST {
            return None;
        }
    }
    Some(parser.finish())
}

impl Node {
    fn new(kind: Kind) -> Self {
        Self { kind, children: Vec::new(), parent: None, depth: 0 }
    }
}

struct Sink {
    nodes: RefCell<Nodes>,
    deepest: Cell<usize>,
}

impl Sink {
    fn add(&self, kind: Kind) -> usize {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node::new(kind));
        nodes.len() - 1
    }

    /// Puts a child at this place of a parent. Texts that meet are one.
    fn insert(&self, parent: usize, place: usize, child: NodeOrText<usize>) {
        let child = match child {
            NodeOrText::AppendNode(node) => {
                self.take_away(node);
                node
            }
            NodeOrText::AppendText(text) => {
                let before = place.checked_sub(1).map(|before| self.nodes.borrow()[parent].children[before]);
                if let Some(before) = before
                    && let Kind::Text(there) = &mut self.nodes.borrow_mut()[before].kind
                {
                    there.push_str(&text);
                    return;
                }
                self.add(Kind::Text(text.to_string()))
            }
        };
        let nodes = &mut self.nodes.borrow_mut();
        nodes[child].parent = Some(parent);
        nodes[child].depth = nodes[parent].depth + 1;
        self.deepest.set(self.deepest.get().max(nodes[child].depth));
        let place = place.min(nodes[parent].children.len());
        nodes[parent].children.insert(place, child);
    }

    fn take_away(&self, node: usize) {
        let nodes = &mut self.nodes.borrow_mut();
        if let Some(parent) = nodes[node].parent.take() {
            let children = &mut nodes[parent].children;
            // What is moved was put there last, mostly.
            if let Some(place) = children.iter().rposition(|child| *child == node) {
                children.remove(place);
            }
        }
    }

    fn len(&self, parent: usize) -> usize {
        self.nodes.borrow()[parent].children.len()
    }
}

fn pairs(attributes: Vec<Attribute>) -> Vec<(String, String)> {
    attributes.into_iter().map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string())).collect()
}

/// An element's name, which the parser asks for.
#[derive(Debug)]
pub(super) struct Name(QualName);

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl TreeSink for Sink {
    type Handle = usize;
    type Output = Nodes;
    type ElemName<'a> = Name;

    fn finish(self) -> Nodes {
        self.nodes.into_inner()
    }

    fn get_document(&self) -> usize {
        0
    }

    fn elem_name(&self, target: &usize) -> Name {
        match &self.nodes.borrow()[*target].kind {
            Kind::Element { name, .. } => Name(name.clone()),
            _ => unreachable!("the parser asks for the names of elements alone"),
        }
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> usize {
        let contents = flags.template.then(|| self.add(Kind::Other));
        self.add(Kind::Element { name, attributes: pairs(attributes), contents })
    }

    fn create_comment(&self, _text: StrTendril) -> usize {
        self.add(Kind::Other)
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> usize {
        self.add(Kind::Other)
    }

    fn append(&self, parent: &usize, child: NodeOrText<usize>) {
        self.insert(*parent, self.len(*parent), child);
    }

    fn append_based_on_parent_node(&self, element: &usize, previous: &usize, child: NodeOrText<usize>) {
        let has_parent = self.nodes.borrow()[*element].parent.is_some();
        if has_parent { self.append_before_sibling(element, child) } else { self.append(previous, child) }
    }

    fn append_before_sibling(&self, sibling: &usize, child: NodeOrText<usize>) {
        if let NodeOrText::AppendNode(node) = child {
            self.take_away(node);
        }
        let nodes = self.nodes.borrow();
        let Some(parent) = nodes[*sibling].parent else { return };
        let place = nodes[parent].children.iter().rposition(|child| child == sibling).unwrap_or_default();
        drop(nodes);
        self.insert(parent, place, child);
    }

    fn get_template_contents(&self, target: &usize) -> usize {
        match &self.nodes.borrow()[*target].kind {
            Kind::Element { contents: Some(contents), .. } => *contents,
            _ => *target,
        }
    }

    fn same_node(&self, one: &usize, other: &usize) -> bool {
        one == other
    }

    fn add_attrs_if_missing(&self, target: &usize, more: Vec<Attribute>) {
        if let Kind::Element { attributes, .. } = &mut self.nodes.borrow_mut()[*target].kind {
            for (name, value) in pairs(more) {
                if !attributes.iter().any(|(there, _)| *there == name) {
                    attributes.push((name, value));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &usize) {
        self.take_away(*target);
    }

    fn reparent_children(&self, node: &usize, new_parent: &usize) {
        let nodes = &mut self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[*node].children);
        for child in &children {
            nodes[*child].parent = Some(*new_parent);
        }
        nodes[*new_parent].children.extend(children);
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}
    fn set_quirks_mode(&self, _mode: QuirksMode) {}
    fn append_doctype_to_document(&self, _name: StrTendril, _public: StrTendril, _system: StrTendril) {}
}
