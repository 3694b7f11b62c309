//! The reference server as a program: arguments in, exit code out.

use std::ffi::OsString;
use std::fmt;
use std::future::pending;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::process::ExitCode;

use tokio::net::TcpListener;

use crate::{Config, Fault, serve};

const HELP: &str = "\
The reference server of the exercise `cookies`

Usage: reference-server [OPTIONS]

Options:
      --port N       The port to listen on, 0 for any [default: the variable PORT, else 5000]
      --fault NAME   The mistake to make [default: none]
      --list-faults  Lists the mistakes, one a line
  -h, --help         Prints this help
";

/// What the arguments ask for.
#[derive(Debug, PartialEq, Eq)]
enum Command {
    Serve { port: u16, fault: Option<Fault> },
    ListFaults,
    Help,
}

/// Why the arguments do not hold, in words for the one who wrote them.
#[derive(Debug, PartialEq, Eq)]
struct UsageError(String);

/// Runs the reference server with the arguments after the program's name, until it is ended.
///
/// It listens on 127.0.0.1 and says so on stderr in one line. The exit code is 0 for `--help` and
/// `--list-faults`, 2 for arguments that do not hold, and 1 when the server could not listen or
/// ended by itself. Signals keep their default effect, so SIGINT and SIGTERM end it at once.
pub fn main_with(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let port = std::env::var_os("PORT");
    match parse(args, port) {
        Ok(Command::Serve { port, fault }) => listen(port, Config { fault }),
        Ok(Command::ListFaults) => print(&list_of_faults()),
        Ok(Command::Help) => print(HELP),
        Err(error) => {
            say(format_args!("error: {error}"));
            ExitCode::from(2)
        }
    }
}

/// Serves on a thread of its own: one is enough, and it starts faster than a pool of them.
fn listen(port: u16, config: Config) -> ExitCode {
    let fault = config.fault;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let ended = runtime.and_then(|runtime| {
        runtime.block_on(async {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
            say(format_args!("reference server on http://{}", listener.local_addr()?));
            serve(listener, config, pending()).await
        })
    });
    match (ended, fault) {
        (Ok(()), Some(fault)) => say(format_args!("error: ended by the fault `{fault}`")),
        (Ok(()), None) => say(format_args!("error: ended by itself")),
        (Err(error), _) if error.kind() == io::ErrorKind::AddrInUse => say(format_args!(
            "error: port {port} is in use by another program\n\n\
             hint: end that program, or choose another port with `--port`"
        )),
        (Err(error), _) => say(format_args!("error: cannot serve on port {port}: {error}")),
    }
    ExitCode::FAILURE
}

fn parse(args: impl IntoIterator<Item = OsString>, port_variable: Option<OsString>) -> Result<Command, UsageError> {
    let mut port = None;
    let mut fault = None;
    let mut args = args.into_iter().map(|arg| text(&arg));
    while let Some(arg) = args.next() {
        let (option, attached) = match arg.split_once('=') {
            Some((option, value)) => (option, Some(value.to_owned())),
            None => (&arg[..], None),
        };
        let mut value = || {
            let value = attached.clone().or_else(|| args.next());
            value.ok_or_else(|| UsageError(format!("`{option}` needs a value")))
        };
        match option {
            "--port" => port = Some(parse_port(&value()?, "--port")?),
            "--fault" => fault = Some(parse_fault(&value()?)?),
            "--list-faults" if attached.is_none() => return Ok(Command::ListFaults),
            "--help" | "-h" if attached.is_none() => return Ok(Command::Help),
            _ => return Err(UsageError(format!("unknown argument `{arg}`"))),
        }
    }
    let port = match (port, port_variable) {
        (Some(port), _) => port,
        (None, Some(variable)) => parse_port(&text(&variable), "PORT")?,
        (None, None) => 5000,
    };
    Ok(Command::Serve { port, fault })
}

fn parse_port(value: &str, source: &str) -> Result<u16, UsageError> {
    let wrong = || UsageError(format!("`{source}` is no port from 0 to 65535: `{value}`"));
    value.parse().map_err(|_| wrong())
}

fn parse_fault(value: &str) -> Result<Fault, UsageError> {
    let hint = "\n\nhint: `--list-faults` lists those there are";
    value.parse().map_err(|unknown| UsageError(format!("{unknown}{hint}")))
}

fn text(argument: &OsString) -> String {
    argument.to_string_lossy().into_owned()
}

fn list_of_faults() -> String {
    Fault::ALL.iter().map(|fault| format!("{fault:23} {}\n", fault.meaning())).collect()
}

/// Data for stdout; a reader that goes away early is no error.
fn print(text: &str) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        _ => ExitCode::SUCCESS,
    }
}

/// One message for stderr; a server whose log nobody reads still serves.
fn say(message: fmt::Arguments<'_>) {
    // In one write, so that it stays whole beside what others log.
    let _ = io::stderr().write_all(format!("{message}\n").as_bytes());
}

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_with(args: &[&str], port: Option<&str>) -> Result<Command, String> {
        parse(args.iter().map(OsString::from), port.map(OsString::from)).map_err(|error| error.0)
    }

    #[track_caller]
    fn check_serve(args: &[&str], variable: Option<&str>, port: u16, fault: Option<Fault>) {
        assert_eq!(parse_with(args, variable), Ok(Command::Serve { port, fault }));
    }

    #[track_caller]
    fn check_refused(args: &[&str], variable: Option<&str>, expect: &str) {
        assert_eq!(parse_with(args, variable), Err(expect.to_owned()));
    }

    #[test]
    fn the_port_is_the_options_then_the_variables_then_5000() {
        check_serve(&[], None, 5000, None);
        check_serve(&[], Some("8000"), 8000, None);
        check_serve(&["--port", "0"], Some("8000"), 0, None);
        check_serve(&["--port=9000"], None, 9000, None);
    }

    #[test]
    fn a_fault_is_chosen_by_name() {
        check_serve(&["--fault", "cut"], None, 5000, Some(Fault::Cut));
        check_serve(&["--fault=hangs", "--port=1"], None, 1, Some(Fault::Hangs));
    }

    #[test]
    fn arguments_that_do_not_hold_are_named() {
        check_refused(&["--port"], None, "`--port` needs a value");
        check_refused(&["--port", "70000"], None, "`--port` is no port from 0 to 65535: `70000`");
        check_refused(&[], Some("http"), "`PORT` is no port from 0 to 65535: `http`");
        check_refused(
            &["--fault", "cuts"],
            None,
            "there is no fault `cuts`\n\nhint: `--list-faults` lists those there are",
        );
        check_refused(&["serve"], None, "unknown argument `serve`");
        check_refused(&["--help=x"], None, "unknown argument `--help=x`");
    }

    #[test]
    fn the_list_has_a_line_for_each_fault() {
        let list = list_of_faults();
        assert_eq!(list.lines().count(), Fault::ALL.len());
        let names = list.lines().map(|line| line.split(' ').next());
        assert!(names.eq(Fault::ALL.iter().map(|fault| Some(fault.name()))));
    }
}
