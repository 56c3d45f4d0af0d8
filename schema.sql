-- The whole schema, in what SQLite, PostgreSQL and D1 have in common. Times are Unix seconds; they and all other
-- numbers are BIGINT, which PostgreSQL needs beyond 2038 and SQLite takes as an integer. JSON is kept as TEXT.

-- The state of every license as it is now.
CREATE TABLE licenses (
  id TEXT NOT NULL,
  -- NULL for a direct sale, which is not bound to be unique by its order.
  channel TEXT,
  instance TEXT,
  order_id TEXT,
  order_line TEXT,
  status TEXT NOT NULL,
  revision BIGINT NOT NULL,
  -- The terms; all NULL while they are unknown. paid_until is NULL also for a perpetual license.
  product BIGINT,
  edition BIGINT,
  seats BIGINT,
  features BIGINT,
  trial BIGINT,
  grace_days BIGINT,
  paid_until BIGINT,
  binding TEXT,
  -- Of a frozen license; of a pending one, why it will be frozen when its terms arrive.
  freeze_reason TEXT,
  -- JSON: what arrived for a pending license before its terms did.
  held TEXT,
  -- JSON list of the orders taken into account; NULL when it is the purchase alone.
  orders TEXT,
  hand_over_floor BIGINT NOT NULL,
  -- The codes that customers hold: when the last of them runs out, NULL when there are none; and below which revision
  -- they are shut out, until when. 9007199254740991 = never.
  codes_until BIGINT,
  shut_out_below BIGINT,
  shut_out_until BIGINT,
  -- When the software stops and the scheduler freezes: set on an active license that ends, else NULL.
  due BIGINT,
  -- How long the revocation list of the product names it; NULL when it has nothing to say.
  listed_until BIGINT,
  created_at BIGINT NOT NULL,
  -- The newest code; its digest lies with the event that issued it.
  code_revision BIGINT,
  code_kid TEXT,
  code_bytes TEXT,
  -- The first answer to the sale, when it is an answer form with the code of its time, whose symbols these are. All
  -- three, or none.
  answer_form BIGINT,
  answer_code TEXT,
  answer_fields TEXT,
  CONSTRAINT licenses_key PRIMARY KEY (id),
  CONSTRAINT licenses_instance UNIQUE (channel, instance),
  CONSTRAINT licenses_order UNIQUE (channel, order_id, order_line),
  CONSTRAINT licenses_status CHECK (status IN ('pending', 'active', 'frozen', 'released')),
  CONSTRAINT licenses_terms CHECK (product IS NOT NULL OR status IN ('pending', 'released')),
  CONSTRAINT licenses_held CHECK ((held IS NOT NULL) = (status = 'pending')),
  CONSTRAINT licenses_freeze CHECK (freeze_reason IS NOT NULL OR status <> 'frozen')
);
CREATE INDEX licenses_due ON licenses (due) WHERE due IS NOT NULL;
-- All that a revocation list is made from: a list may have tens of thousands of entries among millions of licenses.
CREATE INDEX licenses_listed ON licenses
  (product, listed_until, id, status, revision, codes_until, shut_out_below, shut_out_until)
  WHERE listed_until IS NOT NULL;
CREATE INDEX licenses_created ON licenses (created_at, id);

-- What happened. The primary key is the optimistic lock: two writers of one revision cannot both be first.
CREATE TABLE license_events (
  license_id TEXT NOT NULL,
  revision BIGINT NOT NULL,
  type TEXT NOT NULL,
  -- JSON: what the event says beyond its type and time; what recurs in all of them is one control character each, and
  -- the types and the usual who are a letter (src/store/event-rows.ts). The origin is in licenses.
  data TEXT NOT NULL,
  at BIGINT NOT NULL,
  who TEXT NOT NULL,
  reason TEXT,
  -- Of the code that this event issued.
  code_digest TEXT,
  CONSTRAINT license_events_key PRIMARY KEY (license_id, revision),
  CONSTRAINT license_events_license FOREIGN KEY (license_id) REFERENCES licenses (id)
);
CREATE INDEX license_events_at ON license_events (at);

-- Codes handed to test calls: genuine, but of no license.
CREATE TABLE test_codes (
  digest TEXT NOT NULL,
  CONSTRAINT test_codes_key PRIMARY KEY (digest)
);

-- Personal data of the buyer, sealed; erased by deleting the row.
CREATE TABLE customers (
  license_id TEXT NOT NULL,
  sealed TEXT NOT NULL,
  CONSTRAINT customers_key PRIMARY KEY (license_id),
  CONSTRAINT customers_license FOREIGN KEY (license_id) REFERENCES licenses (id)
);

-- What first answers have in common: all but the code and the id of the license is the same in thousands of them. The
-- number is given by the database.
CREATE TABLE answer_forms (
  form BIGINT NOT NULL,
  body TEXT NOT NULL,
  CONSTRAINT answer_forms_key PRIMARY KEY (form),
  CONSTRAINT answer_forms_body UNIQUE (body)
);

-- The first answer to a sale, for ever: those that are kept whole. Most lie in licenses, as a form and a code.
CREATE TABLE answers (
  channel TEXT NOT NULL,
  answer_key TEXT NOT NULL,
  fields TEXT NOT NULL,
  body TEXT NOT NULL,
  CONSTRAINT answers_key PRIMARY KEY (channel, answer_key)
);

-- Every authentic call, for as long as it could be replayed.
CREATE TABLE replay_marks (
  access_key TEXT NOT NULL,
  signature TEXT NOT NULL,
  nonce TEXT,
  request TEXT NOT NULL,
  answer TEXT NOT NULL,
  expires BIGINT NOT NULL,
  CONSTRAINT replay_marks_key PRIMARY KEY (access_key, signature)
);
CREATE UNIQUE INDEX replay_marks_nonce ON replay_marks (access_key, nonce) WHERE nonce IS NOT NULL;
CREATE INDEX replay_marks_expires ON replay_marks (expires);

-- Calls that wait for their license or their offer.
CREATE TABLE parked_calls (
  call_key TEXT NOT NULL,
  channel TEXT NOT NULL,
  instance TEXT,
  order_id TEXT,
  why TEXT NOT NULL,
  intent TEXT NOT NULL,
  at BIGINT NOT NULL,
  -- The place among the calls of one second.
  ordinal BIGINT NOT NULL,
  CONSTRAINT parked_calls_key PRIMARY KEY (call_key)
);
CREATE INDEX parked_calls_instance ON parked_calls (channel, instance);
CREATE INDEX parked_calls_at ON parked_calls (at, ordinal);

CREATE TABLE channels (
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  timestamp_window BIGINT NOT NULL,
  auth_token_window BIGINT NOT NULL,
  CONSTRAINT channels_key PRIMARY KEY (name)
);

-- The primary key says that an access key belongs to one channel; the ordinal, which one is newer.
CREATE TABLE access_keys (
  id TEXT NOT NULL,
  channel TEXT NOT NULL,
  sealed TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  ordinal BIGINT NOT NULL,
  CONSTRAINT access_keys_key PRIMARY KEY (id),
  CONSTRAINT access_keys_channel FOREIGN KEY (channel) REFERENCES channels (name)
);

CREATE TABLE signing_keys (
  kid TEXT NOT NULL,
  usage TEXT NOT NULL,
  status TEXT NOT NULL,
  public_key TEXT NOT NULL,
  -- NULL once the private part is destroyed, and while that of a spare lies in the safe.
  sealed TEXT,
  -- JSON list of LK1.
  certificates TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  -- 1 for a cold spare.
  spare BIGINT NOT NULL,
  -- The certification request; NULL for a key that was certified at birth.
  request TEXT,
  -- When its first certificate was stored: the publication period counts from then.
  certified_at BIGINT,
  CONSTRAINT signing_keys_key PRIMARY KEY (kid),
  CONSTRAINT signing_keys_usage CHECK (usage IN ('codes', 'statements', 'lists')),
  CONSTRAINT signing_keys_status CHECK (status IN ('pending', 'active', 'retired', 'revoked'))
);
CREATE UNIQUE INDEX signing_keys_active ON signing_keys (usage) WHERE status = 'active';

-- What happened to signing keys and roots, for ever.
CREATE TABLE key_events (
  ordinal BIGINT NOT NULL,
  -- NULL for what happened to the chain of roots.
  kid TEXT,
  type TEXT NOT NULL,
  -- JSON: what the event says beyond its type and time; never a secret.
  detail TEXT NOT NULL,
  at BIGINT NOT NULL,
  who TEXT NOT NULL,
  reason TEXT,
  CONSTRAINT key_events_key PRIMARY KEY (ordinal)
);
CREATE INDEX key_events_kid ON key_events (kid, ordinal);

CREATE TABLE root_manifests (
  version BIGINT NOT NULL,
  manifest TEXT NOT NULL,
  CONSTRAINT root_manifests_key PRIMARY KEY (version)
);

-- The revocation list of each product: how often what it says has changed, and the newest one given out.
CREATE TABLE revocation_lists (
  product BIGINT NOT NULL,
  changes BIGINT NOT NULL,
  -- All three NULL before the first.
  number BIGINT,
  digest TEXT,
  issued_at BIGINT,
  CONSTRAINT revocation_lists_key PRIMARY KEY (product)
);

-- Alerts to deliver. A delivered one stays, without a due time, so that it is never queued again.
CREATE TABLE alerts (
  kind TEXT NOT NULL,
  alert_key TEXT NOT NULL,
  detail TEXT NOT NULL,
  at BIGINT NOT NULL,
  due BIGINT,
  attempts BIGINT NOT NULL,
  CONSTRAINT alerts_key PRIMARY KEY (kind, alert_key)
);
CREATE INDEX alerts_due ON alerts (due) WHERE due IS NOT NULL;

-- Where a channel's marketplace is called, and as whom.
CREATE TABLE open_apis (
  channel TEXT NOT NULL,
  site TEXT NOT NULL,
  -- JSON: both halves of the credentials, sealed.
  sealed TEXT NOT NULL,
  since BIGINT NOT NULL,
  CONSTRAINT open_apis_key PRIMARY KEY (channel),
  CONSTRAINT open_apis_channel FOREIGN KEY (channel) REFERENCES channels (name)
);

-- Calls to marketplaces. One that is done stays, without what it said, so that it is never queued again.
CREATE TABLE outgoing_calls (
  id TEXT NOT NULL,
  channel TEXT NOT NULL,
  type TEXT NOT NULL,
  call_key TEXT NOT NULL,
  -- JSON of the call, sealed: it may hold a license text. NULL once it is done.
  sealed TEXT,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  -- The next try; NULL unless it waits.
  due BIGINT,
  attempts BIGINT NOT NULL,
  -- What the last try failed with, and when.
  error TEXT,
  tried_at BIGINT,
  CONSTRAINT outgoing_calls_key PRIMARY KEY (id),
  CONSTRAINT outgoing_calls_occasion UNIQUE (channel, type, call_key),
  CONSTRAINT outgoing_calls_state CHECK (state IN ('waiting', 'done', 'dead')),
  CONSTRAINT outgoing_calls_due CHECK ((due IS NOT NULL) = (state = 'waiting'))
);
CREATE INDEX outgoing_calls_by_lane ON outgoing_calls (channel, type, due, id) WHERE due IS NOT NULL;
CREATE INDEX outgoing_calls_at ON outgoing_calls (at, id);
CREATE INDEX outgoing_calls_dead ON outgoing_calls (at, id) WHERE state = 'dead';
CREATE INDEX outgoing_calls_troubles ON outgoing_calls (channel, error, state, tried_at) WHERE error IS NOT NULL;

-- Every order line that a marketplace named in a call that did not sell a license at once, and what became of it: sales
-- are in licenses. Without a line of its own, the line of a change is its instance.
CREATE TABLE orders (
  channel TEXT NOT NULL,
  order_id TEXT NOT NULL,
  order_line TEXT NOT NULL,
  -- The call that named it: what it changes follows from that.
  cause TEXT NOT NULL,
  license_id TEXT,
  state TEXT NOT NULL,
  noted_at BIGINT NOT NULL,
  -- What the marketplace says of it; NULL until it is learnt. paid_until is NULL also where it has no end.
  learnt_at BIGINT,
  kind TEXT,
  ordered_at BIGINT,
  charging TEXT,
  paid_until BIGINT,
  marketplace_product TEXT,
  sku TEXT,
  quantity TEXT,
  CONSTRAINT orders_key PRIMARY KEY (order_id, order_line, channel),
  CONSTRAINT orders_cause CHECK (
    cause IN ('notice', 'opening', 'renewal', 'formal', 'changing_renewal', 'upgrade', 'cancellation')
  ),
  CONSTRAINT orders_state CHECK (state IN ('asked', 'parked', 'learnt', 'waiting', 'refused', 'applied')),
  CONSTRAINT orders_learnt CHECK (learnt_at IS NULL OR kind IS NOT NULL)
);
CREATE INDEX orders_noted ON orders (noted_at, order_id, order_line, channel);
CREATE INDEX orders_license ON orders (license_id, noted_at) WHERE license_id IS NOT NULL;
CREATE INDEX orders_waiting ON orders (noted_at, order_id, order_line, channel) WHERE state = 'waiting';

-- Licenses that a marketplace applied for on behalf of a device, and what became of each.
CREATE TABLE applications (
  license_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  -- The binding in hex; '' where the code is for any device.
  device TEXT NOT NULL,
  effective_at BIGINT NOT NULL,
  -- NULL: for as long as the license is paid.
  expires_at BIGINT,
  at BIGINT NOT NULL,
  state TEXT NOT NULL,
  -- Why it was refused.
  why TEXT,
  -- Of the code that was made, and the outgoing call that uploads it.
  code_digest TEXT,
  upload TEXT,
  CONSTRAINT applications_key PRIMARY KEY (license_id, event_id, device),
  CONSTRAINT applications_license FOREIGN KEY (license_id) REFERENCES licenses (id),
  CONSTRAINT applications_state CHECK (state IN ('waiting', 'made', 'refused')),
  CONSTRAINT applications_made CHECK ((code_digest IS NOT NULL AND upload IS NOT NULL) = (state = 'made'))
);
CREATE INDEX applications_waiting ON applications (at, license_id, event_id, device) WHERE state = 'waiting';

-- The codes made for one device each. The ordinal is the lock: two writers cannot both take the last place.
CREATE TABLE device_codes (
  license_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  ordinal BIGINT NOT NULL,
  device TEXT NOT NULL,
  revision BIGINT NOT NULL,
  kid TEXT NOT NULL,
  bytes TEXT NOT NULL,
  at BIGINT NOT NULL,
  -- The first second in which it works no more; NULL: never.
  works_until BIGINT,
  CONSTRAINT device_codes_key PRIMARY KEY (license_id, digest),
  CONSTRAINT device_codes_place UNIQUE (license_id, ordinal),
  CONSTRAINT device_codes_license FOREIGN KEY (license_id) REFERENCES licenses (id)
);
CREATE INDEX device_codes_device ON device_codes (license_id, device, ordinal);

-- Codes that a marketplace made and this server keeps (License 2.0).
CREATE TABLE marketplace_codes (
  license_id TEXT NOT NULL,
  -- When software first asked for its license here; NULL while it was only met.
  activated_at BIGINT,
  -- When the marketplace last said what it is, and what it said.
  confirmed_at BIGINT,
  said TEXT,
  -- What a missed call had to be made up for last, and when.
  repaired TEXT,
  repaired_at BIGINT,
  -- When the marketplace is asked next; NULL when it never is again.
  due BIGINT,
  CONSTRAINT marketplace_codes_key PRIMARY KEY (license_id),
  CONSTRAINT marketplace_codes_license FOREIGN KEY (license_id) REFERENCES licenses (id)
);
CREATE INDEX marketplace_codes_due ON marketplace_codes (due) WHERE due IS NOT NULL;

-- What a marketplace says of the enterprises that buy, by its kit. One row for each kind of entries of one enterprise,
-- which everyone who changes them writes first.
CREATE TABLE kit_parts (
  channel TEXT NOT NULL,
  kind TEXT NOT NULL,
  -- Empty before anything was bought.
  instance TEXT NOT NULL,
  tenant TEXT NOT NULL,
  -- When all of them were last replaced at once, by the marketplace's clock, Unix milliseconds; 0: never.
  replaced_at BIGINT NOT NULL,
  CONSTRAINT kit_parts_key PRIMARY KEY (channel, kind, instance, tenant),
  CONSTRAINT kit_parts_kind CHECK (kind IN ('tenant', 'application', 'user', 'department'))
);

CREATE TABLE kit_entries (
  -- A digest of what names it: that may be the name of a person.
  id TEXT NOT NULL,
  channel TEXT NOT NULL,
  kind TEXT NOT NULL,
  instance TEXT NOT NULL,
  tenant TEXT NOT NULL,
  -- JSON of what it says, sealed. NULL: deleted, and what is older than sent_at does not bring it back.
  sealed TEXT,
  -- By the marketplace's clock, Unix milliseconds.
  sent_at BIGINT NOT NULL,
  at BIGINT NOT NULL,
  CONSTRAINT kit_entries_key PRIMARY KEY (id),
  CONSTRAINT kit_entries_kind CHECK (kind IN ('tenant', 'application', 'user', 'department'))
);
CREATE INDEX kit_entries_part ON kit_entries (channel, kind, instance, tenant, id);

-- Every write to D1 leaves a token in its batch, by which it is found again when its answer was lost; a token of long
-- ago is deleted. An empty one is how a batch takes itself back. The other engines have transactions for both.
CREATE TABLE write_tokens (
  token TEXT NOT NULL,
  CONSTRAINT write_tokens_key PRIMARY KEY (token),
  CONSTRAINT write_tokens_expectation CHECK (token <> '')
);

-- Small texts by name, among them schema_version, generation and catalog.
CREATE TABLE settings (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  CONSTRAINT settings_key PRIMARY KEY (name)
);

-- Who may do what only one of several processes should do, until when; one that ran out is anybody's.
CREATE TABLE leases (
  name TEXT NOT NULL,
  holder TEXT NOT NULL,
  until BIGINT NOT NULL,
  CONSTRAINT leases_key PRIMARY KEY (name)
);
