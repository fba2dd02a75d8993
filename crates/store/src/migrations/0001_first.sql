-- Ids are UUIDs, instants microseconds since 1970-01-01 UTC, booleans claims, JSON canonical text.
-- {uuid}, {text}, {int}, {bool} are the dialect's types, {by_key} marks tables of small rows. workspace_id comes first in every key.

CREATE TABLE setup_token (
  token_hash {text} NOT NULL PRIMARY KEY,
  created_at {int} NOT NULL
);

-- One row at most: two set-ups at once make one workspace. starts_with: empty or demo.
-- furnished_at: none while what it begins with is still being made; a server takes that up again when it starts.
CREATE TABLE founding (
  workspace_id {uuid} NOT NULL,
  number {int} NOT NULL PRIMARY KEY,
  starts_with {text} NOT NULL,
  user_id {uuid} NOT NULL,
  at {int} NOT NULL,
  furnished_at {int}
);

CREATE TABLE workspace (
  id {uuid} NOT NULL PRIMARY KEY,
  name {text} NOT NULL,
  language {text} NOT NULL,
  currency {text} NOT NULL,
  time_zone {text} NOT NULL,
  -- ISO 3166-1 alpha-2: of addresses and phone numbers that name none.
  default_country {text},
  rules_run {text} NOT NULL,
  is_sticky {bool} NOT NULL,
  default_territory_id {uuid},
  -- Counts every change that placement or rotation reads; a batch compares it with its rule book.
  rules_version {int} NOT NULL,
  -- The version of the active plan.
  plan_version {int} NOT NULL,
  version {int} NOT NULL,
  created_at {int} NOT NULL
);

CREATE TABLE role (
  workspace_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  key {text} NOT NULL,
  detail {text} NOT NULL,
  is_built_in {bool} NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX role_key ON role (workspace_id, key);

CREATE TABLE "user" (
  workspace_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  email {text} NOT NULL,
  email_key {text} NOT NULL,
  name {text} NOT NULL,
  language {text} NOT NULL,
  time_zone {text} NOT NULL,
  password_hash {text},
  role_id {uuid} NOT NULL,
  is_active {bool} NOT NULL,
  working_hours {text},
  version {int} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX user_email ON "user" (workspace_id, email_key);

-- The open invitation of a user who has no password yet; of its link only the hash is kept.
CREATE TABLE invitation (
  workspace_id {uuid} NOT NULL,
  user_id {uuid} NOT NULL,
  token_hash {text} NOT NULL,
  created_by {uuid} NOT NULL,
  created_at {int} NOT NULL,
  expires_at {int} NOT NULL,
  PRIMARY KEY (workspace_id, user_id)
);
CREATE UNIQUE INDEX invitation_token ON invitation (workspace_id, token_hash);

CREATE TABLE session (
  workspace_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  user_id {uuid} NOT NULL,
  token_hash {text} NOT NULL,
  created_at {int} NOT NULL,
  last_seen_at {int} NOT NULL,
  expires_at {int} NOT NULL,
  ended_at {int},
  user_agent {text} NOT NULL,
  address {text} NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX session_token ON session (workspace_id, token_hash);
CREATE INDEX session_person ON session (workspace_id, user_id);

CREATE TABLE api_token (
  workspace_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  user_id {uuid} NOT NULL,
  name {text} NOT NULL,
  token_hash {text} NOT NULL,
  scopes {text} NOT NULL,
  created_at {int} NOT NULL,
  expires_at {int},
  last_used_at {int},
  revoked_at {int},
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX api_token_hash ON api_token (workspace_id, token_hash);

CREATE TABLE sign_in_failure (
  workspace_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  email_key {text} NOT NULL,
  address {text} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX sign_in_failure_email ON sign_in_failure (workspace_id, email_key, at);
CREATE INDEX sign_in_failure_address ON sign_in_failure (workspace_id, address, at);

CREATE TABLE absence (
  workspace_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  user_id {uuid} NOT NULL,
  starts_at {int} NOT NULL,
  ends_at {int} NOT NULL,
  note {text} NOT NULL,
  created_at {int} NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX absence_user ON absence (workspace_id, user_id, ends_at);

CREATE TABLE plan (
  workspace_id {uuid} NOT NULL,
  version {int} NOT NULL,
  at {int} NOT NULL,
  user_id {uuid},
  note {text} NOT NULL,
  PRIMARY KEY (workspace_id, version)
);

-- A row per state: since is the plan version that made it, until the one that ended it.
CREATE TABLE territory (
  workspace_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  since {int} NOT NULL,
  until {int},
  valid_from {int} NOT NULL,
  valid_to {int},
  parent_id {uuid},
  name {text} NOT NULL,
  position {int} NOT NULL,
  color {text} NOT NULL,
  is_active {bool} NOT NULL,
  calendar {text},
  PRIMARY KEY (workspace_id, id, since)
);
CREATE UNIQUE INDEX territory_now ON territory (workspace_id, id) WHERE until IS NULL;
CREATE UNIQUE INDEX territory_name ON territory (workspace_id, name) WHERE until IS NULL;
CREATE INDEX territory_since ON territory (workspace_id, since);
CREATE INDEX territory_until ON territory (workspace_id, until) WHERE until IS NOT NULL;

CREATE TABLE rule (
  workspace_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  since {int} NOT NULL,
  until {int},
  valid_from {int} NOT NULL,
  valid_to {int},
  territory_id {uuid} NOT NULL,
  name {text} NOT NULL,
  position {int} NOT NULL,
  is_enabled {bool} NOT NULL,
  condition {text} NOT NULL,
  PRIMARY KEY (workspace_id, id, since)
);
CREATE UNIQUE INDEX rule_now ON rule (workspace_id, id) WHERE until IS NULL;
CREATE INDEX rule_territory ON rule (workspace_id, territory_id, position) WHERE until IS NULL;
CREATE INDEX rule_since ON rule (workspace_id, since);
CREATE INDEX rule_until ON rule (workspace_id, until) WHERE until IS NOT NULL;

CREATE TABLE member (
  workspace_id {uuid} NOT NULL,
  territory_id {uuid} NOT NULL,
  user_id {uuid} NOT NULL,
  since {int} NOT NULL,
  until {int},
  valid_from {int} NOT NULL,
  valid_to {int},
  has_access {bool} NOT NULL,
  has_assignment {bool} NOT NULL,
  includes_children {bool} NOT NULL,
  role_id {uuid},
  weight {int} NOT NULL,
  position {int} NOT NULL,
  open_leads_max {int},
  leads_per_day_max {int},
  PRIMARY KEY (workspace_id, territory_id, user_id, since)
);
CREATE UNIQUE INDEX member_now ON member (workspace_id, territory_id, user_id) WHERE until IS NULL;
CREATE INDEX member_user ON member (workspace_id, user_id) WHERE until IS NULL;
CREATE INDEX member_since ON member (workspace_id, since);
CREATE INDEX member_until ON member (workspace_id, until) WHERE until IS NOT NULL;

-- Leads of which the plan says where they have to arrive; lead is an object of fields as JSON.
CREATE TABLE example (
  workspace_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  since {int} NOT NULL,
  until {int},
  valid_from {int} NOT NULL,
  valid_to {int},
  position {int} NOT NULL,
  lead {text} NOT NULL,
  territory_id {uuid},
  PRIMARY KEY (workspace_id, id, since)
);
CREATE INDEX example_now ON example (workspace_id, position) WHERE until IS NULL;

CREATE TABLE rotation (
  workspace_id {uuid} NOT NULL,
  territory_id {uuid} NOT NULL,
  turn {int} NOT NULL,
  state {text} NOT NULL,
  PRIMARY KEY (workspace_id, territory_id)
);

-- A territory whose rotation is paused; resumed ones have no row.
CREATE TABLE rotation_pause (
  workspace_id {uuid} NOT NULL,
  territory_id {uuid} NOT NULL,
  since {int} NOT NULL,
  user_id {uuid} NOT NULL,
  PRIMARY KEY (workspace_id, territory_id)
);

CREATE TABLE custom_field (
  workspace_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  key {text} NOT NULL,
  kind {text} NOT NULL,
  label_en {text} NOT NULL,
  label_de {text} NOT NULL,
  choices {text} NOT NULL,
  position {int} NOT NULL,
  version {int} NOT NULL,
  created_at {int} NOT NULL,
  -- Its key is never given again: records may still hold values of its kind.
  removed_at {int},
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX custom_field_key ON custom_field (workspace_id, key);

-- A workspace's own choices of the standard choice fields, beside those that Revier brings.
CREATE TABLE choice (
  workspace_id {uuid} NOT NULL,
  field {text} NOT NULL,
  key {text} NOT NULL,
  label_en {text} NOT NULL,
  label_de {text} NOT NULL,
  position {int} NOT NULL,
  PRIMARY KEY (workspace_id, field, key)
);

-- Units of the workspace's currency for one unit of the other, as decimal text.
-- day: days since 1970-01-01.
CREATE TABLE exchange_rate (
  workspace_id {uuid} NOT NULL,
  currency {text} NOT NULL,
  day {int} NOT NULL,
  rate {text} NOT NULL,
  PRIMARY KEY (workspace_id, currency, day)
);

-- A column holds what is shown; its sibling _key what is compared (folded; postcode as it compares).
CREATE TABLE lead (
  workspace_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  version {int} NOT NULL,
  created_at {int} NOT NULL,
  updated_at {int} NOT NULL,
  created_by {uuid},
  door {text} NOT NULL,
  territory_id {uuid},
  owner_id {uuid},
  is_pinned {bool} NOT NULL,
  queued_at {int},
  assigned_at {int},
  salutation {text}, salutation_key {text},
  title {text}, title_key {text},
  first_name {text}, first_name_key {text},
  last_name {text}, last_name_key {text},
  job_title {text}, job_title_key {text},
  company {text}, company_key {text},
  emails {text}, emails_key {text},
  phones {text},
  website {text}, website_key {text},
  street {text}, street_key {text},
  city {text}, city_key {text},
  country {text},
  state {text},
  postcode {text}, postcode_key {text},
  point_x {int}, point_y {int}, point_z {int},
  industry {text},
  source {text},
  status {text},
  employees {int},
  score {int},
  annual_revenue_minor {int},
  annual_revenue_currency {text},
  requirements {text},
  notes {text}, notes_key {text},
  -- Own fields: shown values, and compared values, as JSON objects by field key.
  custom {text} NOT NULL,
  custom_key {text} NOT NULL,
  -- Which fields place completion filled, and what the door repaired, as JSON.
  derived {text} NOT NULL,
  repairs {text} NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX lead_created ON lead (workspace_id, created_at, id);
-- Lists of a territory's leads: what they sort by and mostly filter by, read without touching the rows. PostgreSQL
-- refuses entries of more than 2,700 bytes, so that there the texts stay outside.
{sqlite} CREATE INDEX lead_territory ON lead (workspace_id, territory_id, created_at, id, owner_id, updated_at,
  assigned_at, queued_at, is_pinned, country, state, postcode_key, industry, source, status, employees, score,
  annual_revenue_minor, annual_revenue_currency, requirements, company_key, city_key, street_key, first_name_key,
  last_name_key, job_title_key, custom_key, point_x, point_y, point_z);
{postgres} CREATE INDEX lead_territory ON lead (workspace_id, territory_id, created_at, id) INCLUDE (owner_id,
  updated_at, assigned_at, queued_at, is_pinned, country, state, industry, source, status, employees, score,
  annual_revenue_minor, annual_revenue_currency);
CREATE INDEX lead_owner ON lead (workspace_id, owner_id, created_at, territory_id, id);
CREATE INDEX lead_company ON lead (workspace_id, company_key, id);
CREATE INDEX lead_queue ON lead (workspace_id, territory_id, queued_at) WHERE queued_at IS NOT NULL;

CREATE TABLE lead_collaborator (
  workspace_id {uuid} NOT NULL,
  lead_id {uuid} NOT NULL,
  user_id {uuid} NOT NULL,
  PRIMARY KEY (workspace_id, lead_id, user_id)
);
CREATE INDEX lead_collaborator_user ON lead_collaborator (workspace_id, user_id, lead_id);

-- SQLite's planner takes every table for a small one until somebody counts it, and would rather read all of an index
-- than part of a table. So it is told how a large workspace looks: rows in all, then rows alike in one, two …
-- columns of the index. Plans are the same on every server and from the first day.
{sqlite} ANALYZE;
{sqlite} DELETE FROM sqlite_stat1;
{sqlite} INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('lead', 'sqlite_autoindex_lead_1', '1000000 1000000 1'),
  ('lead', 'lead_created', '1000000 1000000 1 1'),
  ('lead', 'lead_territory', '1000000 1000000 2000 1 1'),
  ('lead', 'lead_owner', '1000000 1000000 5000 1 1 1'),
  ('lead', 'lead_company', '1000000 1000000 2 1'),
  ('lead', 'lead_queue', '1000 1000 10 1'),
  ('lead_collaborator', 'sqlite_autoindex_lead_collaborator_1', '100000 100000 2 1'),
  ('lead_collaborator', 'lead_collaborator_user', '100000 100000 100 1');
{sqlite} ANALYZE sqlite_schema;

-- 64-bit hashes of e-mails and phone numbers; verified on the record before they count.
CREATE TABLE known (
  workspace_id {uuid} NOT NULL,
  key {int} NOT NULL,
  lead_id {uuid} NOT NULL,
  PRIMARY KEY (workspace_id, key, lead_id)
) {by_key};

CREATE TABLE decision (
  workspace_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  lead_id {uuid} NOT NULL,
  at {int} NOT NULL,
  territory_id {uuid},
  owner_id {uuid},
  turn {int},
  detail {text} NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX decision_lead ON decision (workspace_id, lead_id, at);
CREATE INDEX decision_owner ON decision (workspace_id, owner_id, at);
CREATE UNIQUE INDEX decision_turn ON decision (workspace_id, territory_id, turn) WHERE turn IS NOT NULL;

CREATE TABLE change (
  workspace_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  lead_id {uuid} NOT NULL,
  at {int} NOT NULL,
  user_id {uuid},
  door {text} NOT NULL,
  version {int} NOT NULL,
  detail {text} NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX change_lead ON change (workspace_id, lead_id, at);

-- Changes of many leads at once: carried out by a job step by step, recorded lead by lead, undone as a whole.
-- kind: "rule"; title: what has changed, by name; detail: what the kind keeps of it, as JSON.
-- state: moving, moved, undoing, undone.
CREATE TABLE batch (
  workspace_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  at {int} NOT NULL,
  user_id {uuid} NOT NULL,
  door {text} NOT NULL,
  address {text} NOT NULL,
  kind {text} NOT NULL,
  title {text} NOT NULL,
  detail {text} NOT NULL,
  state {text} NOT NULL,
  finished_at {int},
  undone_by {uuid},
  undone_at {int},
  version {int} NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX batch_open ON batch (workspace_id, state, id);

-- state: waiting, moved, kept (changed before its turn came), undone, stayed (changed since it was moved).
CREATE TABLE batch_lead (
  workspace_id {uuid} NOT NULL,
  batch_id {uuid} NOT NULL,
  lead_id {uuid} NOT NULL,
  state {text} NOT NULL,
  from_territory_id {uuid},
  from_owner_id {uuid},
  to_territory_id {uuid},
  to_owner_id {uuid},
  -- What else has to be put back, as JSON; null as long as the lead waits.
  before {text},
  -- The lead's version after the step.
  version {int},
  PRIMARY KEY (workspace_id, batch_id, lead_id)
);
CREATE INDEX batch_lead_state ON batch_lead (workspace_id, batch_id, state, lead_id);
CREATE INDEX batch_lead_lead ON batch_lead (workspace_id, lead_id);

CREATE TABLE audit (
  workspace_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  at {int} NOT NULL,
  user_id {uuid},
  address {text} NOT NULL,
  door {text} NOT NULL,
  action {text} NOT NULL,
  object {text} NOT NULL,
  object_id {text} NOT NULL,
  before {text},
  after {text},
  -- The seal that covers the entry; entries are sealed in their order of id soon after their commit.
  seal {int},
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX audit_at ON audit (workspace_id, at, id);
CREATE INDEX audit_seal_number ON audit (workspace_id, seal, id);

CREATE TABLE audit_seal (
  workspace_id {uuid} NOT NULL,
  number {int} NOT NULL,
  at {int} NOT NULL,
  entries {int} NOT NULL,
  previous {text} NOT NULL,
  hash {text} NOT NULL,
  PRIMARY KEY (workspace_id, number)
);

CREATE TABLE outbox (
  workspace_id {uuid} NOT NULL,
  id {uuid} NOT NULL,
  at {int} NOT NULL,
  kind {text} NOT NULL,
  object_id {uuid} NOT NULL,
  territory_id {uuid},
  owner_id {uuid},
  former_territory_id {uuid},
  former_owner_id {uuid},
  -- JSON list of users; none where nobody stopped taking part.
  former_collaborators {text},
  PRIMARY KEY (workspace_id, id)
) {by_key};
CREATE INDEX outbox_at ON outbox (workspace_id, at);

-- Answers to POSTs by their Idempotency-Key, kept seven days.
CREATE TABLE answer (
  workspace_id {uuid} NOT NULL,
  user_id {uuid} NOT NULL,
  route {text} NOT NULL,
  key {text} NOT NULL,
  body_hash {text} NOT NULL,
  status {int} NOT NULL,
  etag {text},
  location {text},
  body {text} NOT NULL,
  at {int} NOT NULL,
  PRIMARY KEY (workspace_id, user_id, route, key)
);
CREATE INDEX answer_at ON answer (workspace_id, at);
