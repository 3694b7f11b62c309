//! Whether a source text is a whole program that serves, as far as can be seen without running it.

use std::path::Path;

use super::facts::facts;
use super::text::{without_comments, without_comments_only};
use super::walk::ending;

/// Whether the text, saved as this file and alone, is a server: it makes an application or opens a port, and has the
/// beginning that its language asks for.
#[must_use]
pub fn serves(file: &Path, text: &str) -> bool {
    let has = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    let code = || without_comments(text);
    match ending(file).as_deref() {
        Some("py") => {
            let facts = facts(text);
            facts.starts || facts.makes_app()
        }
        Some("js") => has(&without_comments_only(text), &[".listen(", "serve("]),
        Some("go") => code().contains("func main(") && has(&code(), &["Listen", ".Run(", ".Serve(", ".Start("]),
        Some("java") => {
            code().contains(" main(") && has(&code(), &["HttpServer", "ServerSocket", "Javalin", "SpringApplication"])
        }
        Some("php") => text.contains("<?php"),
        Some("rb") => has(text, &["sinatra", "WEBrick", "Rack::", "rackup", "TCPServer"]),
        Some("pl") => has(text, &["Mojolicious", "HTTP::Daemon", "IO::Socket", "Dancer"]),
        Some("c") => code().contains("main(") && code().contains("listen("),
        Some("rs") => code().contains("fn main(") && has(&code(), &["TcpListener", "serve(", "HttpServer"]),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_program_is_told_from_a_part_of_one() {
        for (file, whole, part) in [
            (
                "app.py",
                "from flask import Flask\napp = Flask(__name__)\n",
                "@app.route('/')\ndef f():\n    return 'x'\n",
            ),
            ("app.js", "const app = require('express')()\napp.listen(3000)\n", "// app.listen(3000)\napp.get('/')\n"),
            ("main.go", "func main() { http.ListenAndServe(\":1\", nil) }", "func get() {}"),
            ("Main.java", "public static void main(String[] a) { HttpServer.create(); }", "void get() {}"),
            ("main.c", "int main(void) { listen(s, 1); }", "void get(void) { listen(s, 1); }"),
        ] {
            assert!(serves(Path::new(file), whole), "{file}: {whole}");
            assert!(!serves(Path::new(file), part), "{file}: {part}");
        }
    }
}
