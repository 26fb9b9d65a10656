//! A way to a database that can fall silent: connections stand, and nothing comes through. Another server may then take its place,
//! as after a failover, which knows nothing of the connections that stand.

use std::net::SocketAddr;
use std::path::PathBuf;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A listener on the loopback interface that hands everything on to a socket; ends on drop.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    state: watch::Sender<State>,
    task: JoinHandle<()>,
}

/// How it is to those who come, and to those who came before.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    is_silent: bool,
    /// What connections that stood so many failovers ago send goes nowhere, for ever.
    failovers: usize,
}

impl Proxy {
    /// Starts one in front of the socket at `path`, which need not be there all the time.
    pub async fn start(path: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (state, heard) = watch::channel(State::default());
        let task = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let (path, heard) = (path.clone(), heard.clone());
                let born = heard.borrow().failovers;
                tokio::spawn(async move {
                    // Whoever cannot be reached refuses, which ends the near connection, too.
                    let Ok(far) = UnixStream::connect(path).await else {
                        return;
                    };
                    let (from_near, to_near) = near.into_split();
                    let (from_far, to_far) = far.into_split();
                    tokio::join!(
                        hand_on(from_near, to_far, heard.clone(), born),
                        hand_on(from_far, to_near, heard, born),
                    );
                });
            }
        });
        Self {
            address,
            state,
            task,
        }
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on nothing comes through, in either direction, or it does again. What was sent meanwhile is not lost.
    pub fn be_silent(&self, is_silent: bool) {
        self.state.send_modify(|state| state.is_silent = is_silent);
    }

    /// From now on connections come through that are made now, and those that stand never again, nor do they end.
    pub fn fail_over(&self) {
        self.state.send_modify(|state| {
            state.is_silent = false;
            state.failovers += 1;
        });
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Hands on what comes until one side ends.
async fn hand_on(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut state: watch::Receiver<State>,
    born: usize,
) {
    let mut bytes = vec![0; 16 * 1_024];
    while let Ok(count) = from.read(&mut bytes).await {
        let comes_through = |state: &State| !state.is_silent && state.failovers == born;
        if state.wait_for(comes_through).await.is_err() {
            break;
        }
        let chunk = bytes.get(..count).unwrap_or_default();
        if chunk.is_empty() || to.write_all(chunk).await.is_err() {
            break;
        }
    }
    // The other side has gone already where this fails.
    let _ = to.shutdown().await;
}
