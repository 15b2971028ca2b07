-- The schema of the release before migrations began. A database of that release has some of these tables or all of
-- them, made as they were needed: what it has stays as it is, what it lacks is made.
-- Written once from the definitions of that release; never changed.

CREATE SCHEMA IF NOT EXISTS store;
CREATE TABLE IF NOT EXISTS store.generation (number integer NOT NULL);

CREATE SCHEMA IF NOT EXISTS records;

CREATE TABLE IF NOT EXISTS records.activity (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    kind VARCHAR NOT NULL,
    topic VARCHAR,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    people INTEGER,
    quantity DOUBLE PRECISION,
    mode VARCHAR,
    department VARCHAR,
    channel VARCHAR,
    evidence BOOLEAN
);

CREATE TABLE IF NOT EXISTS records.appraisal (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    kind VARCHAR NOT NULL,
    staff_no VARCHAR,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    score DOUBLE PRECISION,
    "full" DOUBLE PRECISION,
    grade VARCHAR,
    filed BOOLEAN,
    sanction VARCHAR
);

CREATE TABLE IF NOT EXISTS records.appraisal_item (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    kind VARCHAR NOT NULL,
    dimension VARCHAR NOT NULL,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    weight DOUBLE PRECISION,
    score DOUBLE PRECISION,
    "full" DOUBLE PRECISION
);

CREATE TABLE IF NOT EXISTS records.batch (
    batch INTEGER NOT NULL,
    at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    by VARCHAR NOT NULL,
    undone_by INTEGER,
    PRIMARY KEY (batch)
);

CREATE TABLE IF NOT EXISTS records.check_item (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    item VARCHAR NOT NULL,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    met BOOLEAN NOT NULL,
    evidence BOOLEAN
);

CREATE TABLE IF NOT EXISTS records.checkup (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    reason VARCHAR,
    complete BOOLEAN,
    sbp SMALLINT,
    dbp SMALLINT,
    fpg DOUBLE PRECISION,
    self_care VARCHAR,
    cognitive VARCHAR,
    cognitive_score DOUBLE PRECISION,
    emotion VARCHAR,
    health_guidance BOOLEAN
);

CREATE TABLE IF NOT EXISTS records.child_visit (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    kind VARCHAR NOT NULL,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    feeding VARCHAR,
    vitamin_d BOOLEAN,
    defect BOOLEAN,
    corrected BOOLEAN,
    handbook BOOLEAN
);

CREATE TABLE IF NOT EXISTS records.contract (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    contract_no VARCHAR NOT NULL,
    team VARCHAR,
    signed_on DATE NOT NULL,
    start_on DATE NOT NULL,
    end_on DATE NOT NULL,
    stopped_on DATE,
    stop_reason VARCHAR,
    package VARCHAR,
    fee BIGINT,
    fee_insurance BIGINT,
    fee_fund BIGINT,
    family INTEGER,
    renewal BOOLEAN
);

CREATE TABLE IF NOT EXISTS records.contract_item (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    contract_no VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    due_on DATE NOT NULL,
    month INTEGER NOT NULL,
    done_on DATE
);

CREATE TABLE IF NOT EXISTS records.coverage (
    table_name VARCHAR NOT NULL,
    layout VARCHAR NOT NULL,
    source_unit INTEGER,
    month_from INTEGER,
    month_to INTEGER,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS records.delivery_note (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    source VARCHAR NOT NULL,
    month INTEGER NOT NULL,
    status VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS records.document (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    kind VARCHAR NOT NULL,
    topic VARCHAR,
    day DATE,
    month INTEGER,
    due_on DATE,
    start_on DATE,
    end_on DATE,
    items INTEGER,
    good BOOLEAN
);

CREATE TABLE IF NOT EXISTS records.dose (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    vaccine VARCHAR NOT NULL,
    dose_no SMALLINT,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    given_at TIMESTAMP WITHOUT TIME ZONE,
    programme_class SMALLINT,
    consent BOOLEAN,
    observed_minutes SMALLINT,
    uploaded_on DATE,
    campaign VARCHAR,
    reaction BOOLEAN
);

CREATE TABLE IF NOT EXISTS records.drug_line (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    kind VARCHAR NOT NULL,
    item VARCHAR,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    channel VARCHAR,
    cost BIGINT,
    price BIGINT,
    amount BIGINT
);

CREATE TABLE IF NOT EXISTS records.encounter (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    visit_no VARCHAR NOT NULL,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    department VARCHAR,
    channel VARCHAR,
    appointed BOOLEAN,
    first_visit BOOLEAN,
    icd VARCHAR,
    sbp SMALLINT,
    dbp SMALLINT,
    fee BIGINT,
    wait_minutes SMALLINT,
    handled_minutes SMALLINT,
    infusion BOOLEAN,
    linked BOOLEAN,
    discharged_on DATE
);

CREATE TABLE IF NOT EXISTS records.enrolment (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    programme VARCHAR NOT NULL,
    start_on DATE NOT NULL,
    end_on DATE,
    end_reason VARCHAR,
    diagnosed_on DATE,
    found_by VARCHAR,
    subtype VARCHAR
);

CREATE TABLE IF NOT EXISTS records.event (
    event INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    by VARCHAR NOT NULL,
    batch INTEGER,
    detail VARCHAR,
    PRIMARY KEY (event)
);

CREATE TABLE IF NOT EXISTS records.facility (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    kind VARCHAR NOT NULL,
    name VARCHAR,
    start_on DATE NOT NULL,
    end_on DATE,
    quantity DOUBLE PRECISION,
    working BOOLEAN
);

CREATE TABLE IF NOT EXISTS records.finding (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    kind VARCHAR NOT NULL,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    severity VARCHAR,
    due_on DATE,
    recorded_on DATE,
    closed_on DATE,
    outcome VARCHAR
);

CREATE TABLE IF NOT EXISTS records.followup (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    programme VARCHAR NOT NULL,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    mode VARCHAR,
    sbp SMALLINT,
    dbp SMALLINT,
    fpg DOUBLE PRECISION,
    ppg DOUBLE PRECISION,
    rpg DOUBLE PRECISION,
    hba1c DOUBLE PRECISION,
    adherence VARCHAR,
    outcome VARCHAR,
    condition VARCHAR,
    inpatient BOOLEAN,
    next_on DATE,
    doctor VARCHAR
);

CREATE TABLE IF NOT EXISTS records.health_event (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    kind VARCHAR NOT NULL,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    outcome VARCHAR,
    handled_on DATE
);

CREATE TABLE IF NOT EXISTS records.health_record (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    code VARCHAR,
    code_valid BOOLEAN,
    created_on DATE NOT NULL,
    cancelled_on DATE,
    cancel_reason VARCHAR,
    electronic BOOLEAN,
    complete BOOLEAN,
    died_on DATE,
    place_code VARCHAR,
    place INTEGER,
    family INTEGER,
    doctor VARCHAR,
    updated_on DATE
);

CREATE TABLE IF NOT EXISTS records.incident (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    kind VARCHAR NOT NULL,
    topic VARCHAR,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    found_at TIMESTAMP WITHOUT TIME ZONE,
    reported_at TIMESTAMP WITHOUT TIME ZONE,
    closed_at TIMESTAMP WITHOUT TIME ZONE,
    severity VARCHAR,
    outcome VARCHAR,
    people INTEGER,
    amount BIGINT
);

CREATE TABLE IF NOT EXISTS records.inspection (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    kind VARCHAR NOT NULL,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    announced BOOLEAN,
    recorded BOOLEAN
);

CREATE TABLE IF NOT EXISTS records.lab_order (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    item VARCHAR,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    minutes INTEGER,
    recognised BOOLEAN
);

CREATE TABLE IF NOT EXISTS records.maternal_visit (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    pregnancy_no VARCHAR,
    kind VARCHAR NOT NULL,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    weeks SMALLINT,
    mode VARCHAR,
    high_risk BOOLEAN
);

CREATE TABLE IF NOT EXISTS records.money (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    account VARCHAR NOT NULL,
    topic VARCHAR,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    amount BIGINT
);

CREATE TABLE IF NOT EXISTS records.person (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    sex SMALLINT,
    born_on DATE,
    born_month INTEGER,
    born_hour SMALLINT,
    died_on DATE,
    registered BOOLEAN,
    arrived_on DATE,
    health_card BOOLEAN
);

CREATE TABLE IF NOT EXISTS records.person_tag (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    tag VARCHAR NOT NULL,
    start_on DATE NOT NULL,
    end_on DATE
);

CREATE TABLE IF NOT EXISTS records.place (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    place INTEGER NOT NULL,
    code VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    parent_code VARCHAR,
    level VARCHAR,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    seat BOOLEAN,
    dense BOOLEAN,
    team_code VARCHAR
);

CREATE TABLE IF NOT EXISTS records.population (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    year INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    band VARCHAR NOT NULL,
    persons INTEGER NOT NULL,
    approved_by VARCHAR,
    approved_on DATE,
    in_force BOOLEAN
);

CREATE TABLE IF NOT EXISTS records.pregnancy (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    pregnancy_no VARCHAR NOT NULL,
    booked_on DATE,
    booked_weeks SMALLINT,
    first_check_on DATE,
    high_risk BOOLEAN,
    folic_on DATE,
    folic_followed BOOLEAN,
    delivered_on DATE,
    live_births SMALLINT,
    hospital BOOLEAN,
    discharged_on DATE
);

CREATE TABLE IF NOT EXISTS records.prescription (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    rx_no VARCHAR NOT NULL,
    visit_no VARCHAR,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    amount BIGINT,
    antibiotic BOOLEAN,
    injection BOOLEAN,
    steroid BOOLEAN,
    intravenous BOOLEAN,
    herbal BOOLEAN,
    reviewed BOOLEAN,
    qualified BOOLEAN,
    home_visit BOOLEAN,
    signed BOOLEAN
);

CREATE TABLE IF NOT EXISTS records.problem (
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    sheet VARCHAR,
    line INTEGER NOT NULL,
    column_name VARCHAR,
    value VARCHAR,
    rule VARCHAR NOT NULL,
    severity VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS records.referral (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    referral_no VARCHAR NOT NULL,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    direction VARCHAR,
    minutes INTEGER,
    disease VARCHAR,
    severe BOOLEAN,
    success BOOLEAN,
    followed_on DATE
);

CREATE TABLE IF NOT EXISTS records.reported_count (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    indicator VARCHAR NOT NULL,
    month INTEGER NOT NULL,
    numerator DOUBLE PRECISION,
    denominator DOUBLE PRECISION
);

CREATE TABLE IF NOT EXISTS records.residence (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    start_on DATE NOT NULL,
    end_on DATE,
    reason VARCHAR,
    place_code VARCHAR,
    place INTEGER
);

CREATE TABLE IF NOT EXISTS records.sample (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    kind VARCHAR NOT NULL,
    topic VARCHAR,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    asked INTEGER,
    positive INTEGER,
    method VARCHAR
);

CREATE TABLE IF NOT EXISTS records.screening (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    kind VARCHAR NOT NULL,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    positive BOOLEAN,
    quantity INTEGER
);

CREATE TABLE IF NOT EXISTS records.service (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    mode VARCHAR,
    contract_no VARCHAR
);

CREATE TABLE IF NOT EXISTS records.sighting (
    table_name VARCHAR NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS records.source_file (
    file INTEGER NOT NULL,
    batch INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    sheet VARCHAR,
    sha256 VARCHAR NOT NULL,
    layout VARCHAR,
    rules VARCHAR,
    made_on DATE,
    snapshot BOOLEAN NOT NULL,
    encoding VARCHAR,
    unknown_columns VARCHAR,
    rows_read BIGINT NOT NULL,
    rows_new BIGINT NOT NULL,
    rows_replaced BIGINT NOT NULL,
    rows_unchanged BIGINT NOT NULL,
    rows_waiting BIGINT NOT NULL,
    rows_rejected BIGINT NOT NULL,
    rows_set_aside BIGINT NOT NULL,
    rows_withdrawn BIGINT NOT NULL,
    same_as INTEGER,
    PRIMARY KEY (file)
);

CREATE TABLE IF NOT EXISTS records.source_unit (
    source_unit INTEGER NOT NULL,
    system VARCHAR NOT NULL,
    code VARCHAR NOT NULL,
    unit INTEGER,
    valid_from DATE,
    valid_to DATE,
    mapped_by VARCHAR,
    PRIMARY KEY (source_unit)
);

CREATE TABLE IF NOT EXISTS records.staff (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    staff_no VARCHAR NOT NULL,
    role VARCHAR,
    sex SMALLINT,
    born_on DATE,
    start_on DATE NOT NULL,
    end_on DATE,
    title VARCHAR,
    licence VARCHAR,
    gp_qualified BOOLEAN,
    gp_registered BOOLEAN,
    certificate BOOLEAN,
    trained BOOLEAN,
    technical BOOLEAN,
    responsible BOOLEAN,
    employer VARCHAR,
    duty VARCHAR,
    hire_mode VARCHAR,
    contract_from DATE,
    contract_to DATE,
    contract_filed BOOLEAN,
    pension BOOLEAN,
    medical_insurance BOOLEAN,
    deposit BIGINT,
    paid BOOLEAN,
    pay_linked BOOLEAN,
    multi_site BOOLEAN
);

CREATE TABLE IF NOT EXISTS records.tb_course (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    course_no VARCHAR NOT NULL,
    notified_on DATE NOT NULL,
    managed_on DATE,
    ended_on DATE,
    completed BOOLEAN,
    doses_due INTEGER,
    doses_taken INTEGER
);

CREATE TABLE IF NOT EXISTS records.team (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    code VARCHAR NOT NULL,
    name VARCHAR,
    leader VARCHAR,
    leader_gp BOOLEAN,
    members VARCHAR
);

CREATE TABLE IF NOT EXISTS records.training (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    staff_no VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    topic VARCHAR,
    day DATE NOT NULL,
    month INTEGER NOT NULL,
    months DOUBLE PRECISION,
    passed BOOLEAN
);

CREATE TABLE IF NOT EXISTS records.unit (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    code VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    parent_code VARCHAR,
    parent INTEGER,
    opened_on DATE,
    closed_on DATE,
    successor_code VARCHAR,
    successor INTEGER,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    coord_sys VARCHAR,
    lon_source DOUBLE PRECISION,
    lat_source DOUBLE PRECISION,
    address VARCHAR,
    place_code VARCHAR
);

CREATE TABLE IF NOT EXISTS records.unread (
    table_name VARCHAR NOT NULL,
    key BIGINT NOT NULL,
    file INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS records.vaccination_card (
    row_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    rank BIGINT NOT NULL,
    batch INTEGER NOT NULL,
    file INTEGER NOT NULL,
    line INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER,
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    source_unit INTEGER,
    unit INTEGER,
    entered_on DATE,
    card_no VARCHAR,
    issued_on DATE
);

CREATE SCHEMA IF NOT EXISTS identity;

CREATE TABLE IF NOT EXISTS identity.decision (
    event INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    subject INTEGER NOT NULL,
    other INTEGER,
    undone_by INTEGER
);

CREATE TABLE IF NOT EXISTS identity.link (
    subject INTEGER NOT NULL,
    person INTEGER NOT NULL,
    known_from INTEGER NOT NULL,
    known_to INTEGER
);

CREATE TABLE IF NOT EXISTS identity.match_key (
    kind VARCHAR NOT NULL,
    hash BIGINT NOT NULL,
    subject INTEGER NOT NULL,
    name BIGINT,
    born_on DATE,
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    in_force BOOLEAN NOT NULL
);

CREATE TABLE IF NOT EXISTS identity.name (
    key BIGINT NOT NULL,
    content BIGINT NOT NULL,
    subject INTEGER NOT NULL,
    name VARCHAR,
    id_number VARCHAR,
    phone VARCHAR,
    address VARCHAR,
    in_force BOOLEAN NOT NULL
);

CREATE TABLE IF NOT EXISTS identity.number (
    kind VARCHAR NOT NULL,
    hash BIGINT NOT NULL,
    number INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS identity.review (
    reason VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    hash BIGINT NOT NULL,
    subject INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS identity.subject (
    subject INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    hash BIGINT NOT NULL,
    ref_hash BIGINT,
    ref_name BIGINT,
    PRIMARY KEY (subject)
);

CREATE SCHEMA IF NOT EXISTS published;

CREATE TABLE IF NOT EXISTS published.build (
    build INTEGER NOT NULL,
    event INTEGER NOT NULL,
    batch INTEGER,
    built_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    kind VARCHAR NOT NULL,
    first_month INTEGER NOT NULL,
    last_month INTEGER NOT NULL,
    data_until DATE,
    definitions VARCHAR NOT NULL,
    seconds DOUBLE PRECISION NOT NULL,
    installation VARCHAR NOT NULL,
    bureau VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS published.cell (
    month INTEGER NOT NULL,
    cell VARCHAR NOT NULL,
    "column" INTEGER NOT NULL,
    row INTEGER NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    place_name VARCHAR,
    people INTEGER,
    people_0_6 INTEGER,
    people_65 INTEGER,
    floating INTEGER,
    contracted INTEGER,
    beyond INTEGER,
    beyond_0_6 INTEGER,
    beyond_65 INTEGER,
    beyond_floating INTEGER,
    one_choice INTEGER,
    estimated BOOLEAN NOT NULL,
    unit INTEGER,
    metres DOUBLE PRECISION,
    minutes DOUBLE PRECISION,
    slow INTEGER
);

CREATE TABLE IF NOT EXISTS published.cell_access (
    cell VARCHAR NOT NULL,
    supply VARCHAR NOT NULL,
    per_1000 DOUBLE PRECISION NOT NULL,
    unsure BOOLEAN NOT NULL
);

CREATE TABLE IF NOT EXISTS published.cell_reach (
    cell VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    unit INTEGER NOT NULL,
    metres DOUBLE PRECISION NOT NULL
);

CREATE TABLE IF NOT EXISTS published.delivery (
    unit INTEGER NOT NULL,
    source VARCHAR NOT NULL,
    month INTEGER NOT NULL,
    status VARCHAR NOT NULL,
    estimated BOOLEAN NOT NULL
);

CREATE TABLE IF NOT EXISTS published.figure (
    indicator VARCHAR NOT NULL,
    unit INTEGER NOT NULL,
    month INTEGER NOT NULL,
    basis VARCHAR NOT NULL,
    stratum VARCHAR NOT NULL,
    numerator BIGINT,
    listed BIGINT,
    denominator BIGINT,
    value DOUBLE PRECISION,
    status VARCHAR NOT NULL,
    origin VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS published.ground (
    layer VARCHAR NOT NULL,
    code VARCHAR,
    name VARCHAR,
    level VARCHAR,
    parent_code VARCHAR,
    road_class VARCHAR,
    lon DOUBLE PRECISION NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    shape VARCHAR NOT NULL,
    seat BOOLEAN
);

CREATE TABLE IF NOT EXISTS published.lattice (
    month INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    side_m INTEGER NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    people_from VARCHAR NOT NULL,
    rule_m INTEGER NOT NULL,
    catchment_m INTEGER NOT NULL,
    travel VARCHAR,
    mode VARCHAR,
    minutes INTEGER,
    unplaced INTEGER NOT NULL,
    units_unplaced INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS published.parameter (
    key VARCHAR NOT NULL,
    from_on DATE NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    source VARCHAR NOT NULL,
    own BOOLEAN NOT NULL
);

CREATE TABLE IF NOT EXISTS published.place (
    place INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    level VARCHAR,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    cell VARCHAR,
    team VARCHAR,
    teams INTEGER,
    PRIMARY KEY (place)
);

CREATE TABLE IF NOT EXISTS published.point (
    point INTEGER NOT NULL,
    cell VARCHAR NOT NULL,
    lon DOUBLE PRECISION NOT NULL,
    lat DOUBLE PRECISION NOT NULL,
    name VARCHAR,
    village VARCHAR,
    people INTEGER,
    people_0_6 INTEGER,
    people_65 INTEGER,
    floating INTEGER,
    contracted INTEGER,
    estimated BOOLEAN NOT NULL,
    unit INTEGER,
    metres DOUBLE PRECISION,
    PRIMARY KEY (point)
);

CREATE TABLE IF NOT EXISTS published.population (
    unit INTEGER NOT NULL,
    year INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    band VARCHAR NOT NULL,
    persons INTEGER NOT NULL,
    approved_by VARCHAR,
    approved_on DATE,
    in_force BOOLEAN NOT NULL
);

CREATE TABLE IF NOT EXISTS published.reported (
    indicator VARCHAR NOT NULL,
    unit INTEGER NOT NULL,
    month INTEGER NOT NULL,
    numerator DOUBLE PRECISION,
    denominator DOUBLE PRECISION,
    value DOUBLE PRECISION,
    status VARCHAR NOT NULL,
    file VARCHAR
);

CREATE TABLE IF NOT EXISTS published.served (
    unit INTEGER NOT NULL,
    people INTEGER,
    people_0_6 INTEGER,
    people_65 INTEGER,
    floating INTEGER,
    beyond INTEGER,
    ninth_m DOUBLE PRECISION,
    farthest_m DOUBLE PRECISION,
    near_unit INTEGER,
    near_m DOUBLE PRECISION,
    PRIMARY KEY (unit)
);

CREATE TABLE IF NOT EXISTS published.stratum_tally (
    indicator VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    by_unit VARCHAR NOT NULL,
    by_grid VARCHAR NOT NULL
);

CREATE TABLE IF NOT EXISTS published.tally (
    indicator VARCHAR NOT NULL,
    part VARCHAR NOT NULL,
    unit INTEGER NOT NULL,
    month INTEGER NOT NULL,
    n BIGINT NOT NULL
);

CREATE TABLE IF NOT EXISTS published.target (
    indicator VARCHAR NOT NULL,
    year INTEGER NOT NULL,
    unit_kind VARCHAR,
    unit INTEGER,
    value DOUBLE PRECISION NOT NULL,
    value_to DOUBLE PRECISION,
    source VARCHAR NOT NULL,
    note VARCHAR,
    own BOOLEAN NOT NULL,
    in_force BOOLEAN NOT NULL
);

CREATE TABLE IF NOT EXISTS published.unit (
    unit INTEGER NOT NULL,
    code VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    parent INTEGER,
    opened_on DATE,
    closed_on DATE,
    successor INTEGER,
    lon DOUBLE PRECISION,
    lat DOUBLE PRECISION,
    PRIMARY KEY (unit)
);

CREATE SCHEMA IF NOT EXISTS register;

CREATE TABLE IF NOT EXISTS register.appeal (
    appeal SERIAL NOT NULL,
    round INTEGER NOT NULL,
    unit INTEGER NOT NULL,
    staff_no VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    asked_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    asked_by VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    points BIGINT,
    answer VARCHAR,
    decided_at TIMESTAMP WITHOUT TIME ZONE,
    decided_by VARCHAR,
    version INTEGER NOT NULL,
    edited_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    edited_by VARCHAR NOT NULL,
    PRIMARY KEY (appeal)
);

CREATE TABLE IF NOT EXISTS register.appraisal_entry (
    round INTEGER NOT NULL,
    unit INTEGER NOT NULL,
    staff_no VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    applies BOOLEAN,
    points BIGINT,
    note VARCHAR,
    version INTEGER NOT NULL,
    edited_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    edited_by VARCHAR NOT NULL,
    PRIMARY KEY (round, unit, staff_no, item)
);

CREATE TABLE IF NOT EXISTS register.appraisal_line (
    round INTEGER NOT NULL,
    unit INTEGER NOT NULL,
    staff_no VARCHAR NOT NULL,
    item VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    numerator FLOAT,
    denominator FLOAT,
    value FLOAT,
    baseline FLOAT,
    weight BIGINT NOT NULL,
    points BIGINT,
    reason VARCHAR,
    note VARCHAR,
    PRIMARY KEY (round, unit, staff_no, item)
);

CREATE TABLE IF NOT EXISTS register.appraisal_result (
    round INTEGER NOT NULL,
    unit INTEGER NOT NULL,
    staff_no VARCHAR NOT NULL,
    points BIGINT NOT NULL,
    "full" BIGINT NOT NULL,
    second_points BIGINT,
    kind VARCHAR,
    parent INTEGER,
    rank INTEGER,
    peers INTEGER,
    parent_rank INTEGER,
    parent_peers INTEGER,
    grade VARCHAR NOT NULL,
    veto VARCHAR,
    PRIMARY KEY (round, unit, staff_no)
);

CREATE TABLE IF NOT EXISTS register.appraisal_round (
    round SERIAL NOT NULL,
    sheet VARCHAR NOT NULL,
    sheet_version VARCHAR NOT NULL,
    sheet_text VARCHAR,
    subject VARCHAR NOT NULL,
    month INTEGER NOT NULL,
    period VARCHAR NOT NULL,
    state VARCHAR NOT NULL,
    event INTEGER,
    definitions VARCHAR,
    published_at TIMESTAMP WITHOUT TIME ZONE,
    published_by VARCHAR,
    note VARCHAR,
    version INTEGER NOT NULL,
    edited_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    edited_by VARCHAR NOT NULL,
    PRIMARY KEY (round)
);

CREATE TABLE IF NOT EXISTS register.evidence (
    evidence SERIAL NOT NULL,
    "of" VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    media VARCHAR NOT NULL,
    size BIGINT NOT NULL,
    sha256 VARCHAR NOT NULL,
    added_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    added_by VARCHAR NOT NULL,
    removed_at TIMESTAMP WITHOUT TIME ZONE,
    removed_by VARCHAR,
    removed_why VARCHAR,
    PRIMARY KEY (evidence)
);

CREATE TABLE IF NOT EXISTS register.finding (
    finding SERIAL NOT NULL,
    unit INTEGER NOT NULL,
    visit INTEGER,
    kind VARCHAR NOT NULL,
    severity VARCHAR NOT NULL,
    what VARCHAR NOT NULL,
    demand VARCHAR,
    issued_on DATE NOT NULL,
    due_on DATE NOT NULL,
    responsible VARCHAR,
    state VARCHAR NOT NULL,
    measure VARCHAR,
    effect VARCHAR,
    recorded_on DATE,
    rechecked_on DATE,
    recheck VARCHAR,
    recheck_note VARCHAR,
    closed_on DATE,
    escalation VARCHAR,
    escalated_on DATE,
    deduction BIGINT,
    version INTEGER NOT NULL,
    edited_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    edited_by VARCHAR NOT NULL,
    PRIMARY KEY (finding)
);

CREATE TABLE IF NOT EXISTS register.history (
    entry SERIAL NOT NULL,
    at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    by VARCHAR NOT NULL,
    "of" VARCHAR NOT NULL,
    key VARCHAR NOT NULL,
    action VARCHAR NOT NULL,
    before VARCHAR,
    after VARCHAR,
    PRIMARY KEY (entry)
);

CREATE TABLE IF NOT EXISTS register.settlement (
    settlement SERIAL NOT NULL,
    year INTEGER NOT NULL,
    model VARCHAR NOT NULL,
    round INTEGER,
    state VARCHAR NOT NULL,
    terms VARCHAR NOT NULL,
    event INTEGER,
    published_at TIMESTAMP WITHOUT TIME ZONE,
    published_by VARCHAR,
    note VARCHAR,
    version INTEGER NOT NULL,
    edited_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    edited_by VARCHAR NOT NULL,
    PRIMARY KEY (settlement)
);

CREATE TABLE IF NOT EXISTS register.settlement_doctor (
    settlement INTEGER NOT NULL,
    unit INTEGER NOT NULL,
    staff_no VARCHAR NOT NULL,
    centre INTEGER,
    people FLOAT,
    entitlement BIGINT,
    earned BIGINT,
    score FLOAT,
    coefficient FLOAT,
    reason VARCHAR NOT NULL,
    in_ledger BOOLEAN NOT NULL,
    PRIMARY KEY (settlement, unit, staff_no)
);

CREATE TABLE IF NOT EXISTS register.settlement_line (
    settlement INTEGER NOT NULL,
    unit INTEGER NOT NULL,
    programme VARCHAR NOT NULL,
    population BIGINT,
    entitlement BIGINT NOT NULL,
    in_advance BIGINT NOT NULL,
    paid BIGINT NOT NULL,
    earned BIGINT NOT NULL,
    coefficient FLOAT,
    PRIMARY KEY (settlement, unit, programme)
);

CREATE TABLE IF NOT EXISTS register.visit (
    visit SERIAL NOT NULL,
    unit INTEGER NOT NULL,
    kind VARCHAR NOT NULL,
    planned_on DATE NOT NULL,
    done_on DATE,
    team VARCHAR,
    announced BOOLEAN,
    account VARCHAR,
    note VARCHAR,
    state VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    edited_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    edited_by VARCHAR NOT NULL,
    PRIMARY KEY (visit)
);

CREATE SCHEMA IF NOT EXISTS access;

CREATE TABLE IF NOT EXISTS access.account (
    account INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    shown VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    units VARCHAR NOT NULL,
    systems VARCHAR NOT NULL,
    password VARCHAR,
    must_change BOOLEAN NOT NULL,
    disabled BOOLEAN NOT NULL,
    changed_at TIMESTAMP WITHOUT TIME ZONE,
    version INTEGER NOT NULL,
    edited_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    edited_by VARCHAR NOT NULL,
    PRIMARY KEY (account),
    UNIQUE (name)
);

CREATE TABLE IF NOT EXISTS access.attempt (
    attempt INTEGER NOT NULL,
    name VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    PRIMARY KEY (attempt)
);

CREATE TABLE IF NOT EXISTS access.entry (
    entry INTEGER NOT NULL,
    at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    who VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    what VARCHAR NOT NULL,
    about VARCHAR NOT NULL,
    chain VARCHAR NOT NULL,
    PRIMARY KEY (entry)
);

CREATE INDEX IF NOT EXISTS entry_by_what ON access.entry (what, who, at);

CREATE INDEX IF NOT EXISTS entry_by_who ON access.entry (who, entry);

CREATE TABLE IF NOT EXISTS access.session (
    session VARCHAR NOT NULL,
    account INTEGER NOT NULL,
    address VARCHAR NOT NULL,
    opened_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITHOUT TIME ZONE,
    ended_why VARCHAR,
    PRIMARY KEY (session)
);

