//! What is told on the command line of orders: the shop's own systems, and the export.

use super::Place;
use clap::{Args, Subcommand};

/// The shop's own systems: docs/orders.md says what they are told and asked.
#[derive(Clone, Debug, Default, Args)]
pub struct Systems {
    /// Address that is told of everything done to an order (https://shop.example/daogou), by signed webhooks
    #[arg(long, env = "DAOGOU_WEBHOOK_URL", requires = "webhook_secret")]
    pub webhook_url: Option<String>,
    /// Secret that webhooks are signed with: whsec_ and base64 of 24 to 64 bytes; two while the receiver changes it
    #[arg(long, env = "DAOGOU_WEBHOOK_SECRET", hide_env_values = true, value_delimiter = ',')]
    pub webhook_secret: Vec<String>,
    /// Address that customers and orders are read from before they are talked of (https://shop.example/api)
    #[arg(long, env = "DAOGOU_ORDERS_URL")]
    pub orders_url: Option<String>,
    /// Key that --orders-url is asked with, as a bearer token
    #[arg(long, env = "DAOGOU_ORDERS_KEY", hide_env_values = true)]
    pub orders_key: Option<String>,
    /// Seconds for which what was read from --orders-url is not read again
    #[arg(long, env = "DAOGOU_ORDERS_AFTER", default_value_t = 60)]
    pub orders_after: u64,
    /// Secret by which the shop's pages sign who is logged in
    #[arg(long, env = "DAOGOU_IDENTITY_SECRET", hide_env_values = true)]
    pub identity_secret: Option<String>,
}

#[derive(Debug, Subcommand)]
pub enum Orders {
    /// Every order with its state, one JSON object a line, in the import form
    Export {
        #[command(flatten)]
        place: Place,
        /// Always JSON; kept for symmetry
        #[arg(long)]
        json: bool,
    },
    /// Conversations that wait for a person, the longest waiting first, each with what was asked, what was tried and the facts
    Calls {
        #[command(flatten)]
        place: Place,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
        /// The id of a call that somebody has looked after: it waits no longer
        #[arg(long, value_name = "ID")]
        close: Option<String>,
    },
    /// Compares the ledger with every order and gift card; fails when anything does not add up to the cent
    Audit {
        #[command(flatten)]
        place: Place,
    },
}
