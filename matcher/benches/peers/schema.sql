-- The prepared numbers (prepared/*.rs says what each column is) in the form that suits the query best: postings by skill and
-- level with everything that a need reads, the commonest half hours of a role's meetings in one mask, real dates apart.

CREATE TABLE volunteer (
    volunteer int PRIMARY KEY, hours int, languages int, causes int, base int, is_remote_ok int, clock int,
    there_from int, there_until int, deductions int, week bit(384), dates bit varying
);
CREATE TABLE role (
    role int PRIMARY KEY, hours int, required int, preferred int, causes int, enough int, place int, first int, last int,
    asked int, fully int, must_haves int, must_times bigint, must_by bigint, nice_times bigint, nice_by bigint,
    all_needs int, role_weights int, volunteer_weights int, dates bit varying
);
CREATE TABLE meeting (role int, clock int, number int, minutes int, slots bit(384));
CREATE TABLE need (role int, skill int, is_must int, level int, weight int);
CREATE TABLE brought (
    volunteer int, skill int, credit1 int, credit2 int, credit3 int, credit4 int, credit5 int, evidence int, wish int
);
CREATE TABLE near (place int, base int, value int, PRIMARY KEY (place, base));
