//! Postfix, the mail server, with a configuration, a queue and mailboxes of its own on the loopback interface. It takes mail by
//! TLS only, delivers what is for mailboxes it has, and reports to the return path what is for others. Nothing leaves it.
//!
//! What Debian sets up for the machine's own mail is neither used nor changed.

use std::fs;
use std::io;
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tempfile::TempDir;

/// The authority and the relay's certificate for `localhost`, with its key, that the matcher's tests have too.
const CERTIFICATES: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../matcher/src/mail/tests/certificates"
);

const START: Duration = Duration::from_secs(20);

const MISSING: &str = "Postfix was not found, or not run as root, which it must be to start. Install it (Debian and Ubuntu: \
`apt-get install postfix`, with \"No configuration\")";

/// One process each that the daemon starts: name, type, private, unprivileged, chroot, wake-up, most, program.
const SERVICES: &str = "
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
";

/// A running Postfix; ended on drop.
#[derive(Debug)]
pub struct Postfix {
    address: String,
    folder: TempDir,
    daemon: Child,
}

impl Postfix {
    /// Starts one at `HOST:PORT` with mailboxes for `addresses`. What follows a `+` in the name of an address goes to the mailbox
    /// without it; other addresses of their domains are accepted, and reported as unknown.
    ///
    /// # Panics
    /// When Postfix is not installed, or cannot be started.
    pub fn start(address: &str, addresses: &[&str]) -> Self {
        let folder = TempDir::new().unwrap();
        configure(folder.path(), address, addresses)
            .unwrap_or_else(|error| panic!("{MISSING}: {error}"));
        let daemon = Command::new("postfix")
            .arg("-c")
            .arg(folder.path().join("conf"))
            .arg("start-fg")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{MISSING}: {error}"));
        let postfix = Self {
            address: address.to_owned(),
            folder,
            daemon,
        };
        let begin = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(
                begin.elapsed() < START,
                "Postfix does not listen: {}",
                postfix.log()
            );
            thread::yield_now();
        }
        postfix
    }

    /// As the setting `MAIL_TRANSPORT` names it: TLS is required, and its authority is the only one that is trusted.
    pub fn url(&self) -> String {
        let port = self.address.rsplit(':').next().unwrap_or_default();
        format!("smtp://localhost:{port}?ca={CERTIFICATES}/ca.pem")
    }

    /// What was delivered to an address, as it lies in its mailbox.
    pub fn delivered(&self, address: &str) -> Vec<Vec<u8>> {
        let mailbox = self.folder.path().join("mail").join(address).join("new");
        let Ok(entries) = fs::read_dir(mailbox) else {
            return Vec::new();
        };
        entries
            .map(|entry| fs::read(entry.unwrap().path()).unwrap())
            .collect()
    }

    /// What it wrote into its log, for whoever finds out why something did not come.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // It may have ended by itself already.
        let _ = Command::new("postfix")
            .arg("-c")
            .arg(self.folder.path().join("conf"))
            .arg("abort")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        let _ = self.daemon.wait();
    }
}

/// Writes what it needs below `folder`.
fn configure(folder: &Path, address: &str, addresses: &[&str]) -> io::Result<()> {
    // Its processes run as its own user, who must come through.
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    for name in ["conf", "queue", "data", "mail"] {
        fs::create_dir(folder.join(name))?;
    }
    for name in ["data", "mail"] {
        let changed = Command::new("chown")
            .arg("postfix:")
            .arg(folder.join(name))
            .status()?;
        if !changed.success() {
            return Err(io::Error::other(
                "there is no user `postfix` to give folders to",
            ));
        }
    }
    let owner = fs::metadata(folder.join("mail"))?;
    pem(
        "relay.der",
        "CERTIFICATE",
        &folder.join("conf/certificate.pem"),
    )?;
    pem("relay.key.der", "PRIVATE KEY", &folder.join("conf/key.pem"))?;
    let domains: Vec<&str> = addresses
        .iter()
        .filter_map(|address| address.split_once('@'))
        .map(|(_, domain)| domain)
        .collect();
    let mailboxes: Vec<String> = addresses
        .iter()
        .map(|address| format!("{address}={address}/"))
        .collect();
    let folder_name = folder.display();
    let settings = format!(
        "compatibility_level = 3.6
queue_directory = {folder_name}/queue
data_directory = {folder_name}/data
maillog_file = {folder_name}/log
maillog_file_prefixes = {folder_name}
myhostname = relay.drill.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
local_recipient_maps =
recipient_delimiter = +
smtputf8_enable = no
smtpd_tls_cert_file = {folder_name}/conf/certificate.pem
smtpd_tls_key_file = {folder_name}/conf/key.pem
smtpd_tls_security_level = encrypt
smtpd_tls_received_header = yes
smtpd_reject_unlisted_recipient = no
virtual_mailbox_domains = {}
virtual_mailbox_base = {folder_name}/mail
virtual_mailbox_maps = inline:{{{}}}
virtual_minimum_uid = 1
virtual_uid_maps = static:{}
virtual_gid_maps = static:{}
default_transport = error:nothing leaves this server
",
        domains.join(", "),
        mailboxes.join(", "),
        owner.uid(),
        owner.gid(),
    );
    fs::write(folder.join("conf/main.cf"), settings)?;
    let services = format!("{address} inet n - n - - smtpd{SERVICES}");
    fs::write(folder.join("conf/master.cf"), services)
}

/// Writes one of the certificates in the form that Postfix reads.
fn pem(name: &str, label: &str, to: &PathBuf) -> io::Result<()> {
    let bytes = fs::read(Path::new(CERTIFICATES).join(name))?;
    let text = STANDARD.encode(bytes);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    fs::write(
        to,
        format!(
            "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
            lines.join("\n")
        ),
    )
}
