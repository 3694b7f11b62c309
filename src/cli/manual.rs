//! Shell completions and manual pages, made from the arguments' own definitions.

use clap::CommandFactory as _;

use super::Ending;
use super::args::Arguments;
use super::error::Error;
use super::output::stdout;
use crate::message::Message;

/// Prints a completion script.
pub(super) fn completions(shell: clap_complete::Shell) -> Result<Ending, Error> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "checker", &mut script);
    print(&script)
}

/// Prints the manual page of the program, or of one of its commands.
pub(super) fn man(name: Option<&str>) -> Result<Ending, Error> {
    let mut program = Arguments::command().disable_help_subcommand(true);
    program.build();
    let command = match name {
        None => program,
        Some(name) => {
            let found = program.get_subcommands().find(|command| command.get_name() == name);
            let command =
                found.cloned().ok_or_else(|| Error::usage(Message::new("error-no-command").with("name", name)))?;
            command.name(format!("checker-{name}").leak() as &str).bin_name(format!("checker {name}"))
        }
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command)
        .render(&mut page)
        .map_err(|error| Error::Machine(Message::new("error-machine").with("error", error.to_string())))?;
    print(&page)
}

fn print(text: &[u8]) -> Result<Ending, Error> {
    stdout(&String::from_utf8_lossy(text), anstream::ColorChoice::Always)?;
    Ok(Ending::Fine)
}
