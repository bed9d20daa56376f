-- Measured quality: what is counted, brought near to what offers have in common,
-- and read by matching.
BEGIN;
\set ECHO none
\o /dev/null
\ir world.psql
\ir quality_world.psql
-- completed out of begun: 45 of 50, 28 of 40, 9 of 30, 18 of 20, 3 of 4, none of 0
SELECT pg_temp.facts(1, 45, 'completed'), pg_temp.facts(1, 5, 'stopped'), pg_temp.facts(2, 28, 'completed'), pg_temp.facts(2, 12, 'stopped'),
       pg_temp.facts(3, 9, 'completed'), pg_temp.facts(3, 21, 'stopped'), pg_temp.facts(4, 18, 'completed'), pg_temp.facts(4, 2, 'stopped'),
       pg_temp.facts(5, 3, 'completed'), pg_temp.facts(5, 1, 'stopped');
\o
SELECT plan(91);

CREATE FUNCTION pg_temp.refresh(day date DEFAULT '2026-03-01') RETURNS int LANGUAGE sql AS $$ SELECT inclusion.refresh_quality('DEP-27', day) $$;
CREATE FUNCTION pg_temp.quality(number bigint) RETURNS float8 LANGUAGE sql AS $$ SELECT o.quality FROM inclusion_data.offer o WHERE o.id = number $$;
CREATE TEMPORARY VIEW counted AS
SELECT q.offer, q.structure, q.measure, q.n, q.total, q.people, q.estimate, q.low, q.high FROM inclusion_data.quality q;

-- --- what is counted ---------------------------------------------------------------

SELECT is(pg_temp.refresh(), 6, 'six offers take a quality');
SELECT results_eq('SELECT offer, n, total, people FROM counted WHERE measure = ''completion'' AND offer IS NOT NULL ORDER BY offer',
  $$ VALUES (1::bigint, 50::numeric, 45::numeric, 50), (2, 40, 28, 40), (3, 30, 9, 30), (4, 20, 18, 20), (5, 4, 3, 4) $$, 'completed, of those that ended');
SELECT results_eq('SELECT offer, n, total FROM counted WHERE measure = ''presence'' AND offer = 3', $$ VALUES (3::bigint, 30::numeric, 30::numeric) $$, 'who stopped had come');
SELECT results_eq('SELECT alpha, beta, status, subjects, facts, as_of, since FROM inclusion_data.quality_prior WHERE measure = ''completion'' AND scope = ''offer''',
  $$ SELECT p.alpha, p.beta, p.status, 5::bigint, 144::numeric, date '2026-03-01', date '2026-03-01' - 730
     FROM inclusion.eb_prior((SELECT inclusion.eb_beta(x, n) FROM (VALUES (3::bigint, 4::bigint), (18, 20), (9, 30), (28, 40), (45, 50)) v (x, n))) p $$,
  'the centre is kept with its day: the beta law the rates seem drawn from');
-- Beta(alpha + x, beta + n - x)
CREATE TEMPORARY VIEW centre AS SELECT alpha a, beta b FROM inclusion_data.quality_prior WHERE measure = 'completion' AND scope = 'offer' ORDER BY id DESC LIMIT 1;
SELECT is(c.estimate, (SELECT (a + c.total::float8) / (a + b + c.n::float8) FROM centre), 'offer ' || c.offer || ' is brought near to it')
  FROM counted c WHERE c.measure = 'completion' AND c.offer IS NOT NULL ORDER BY c.offer;
SELECT ok(c.estimate > (SELECT a / (a + b) FROM centre) AND c.estimate < 0.9, 'between its raw rate and the centre') FROM counted c WHERE c.offer = 4 AND c.measure = 'completion';
SELECT ok(c.low < c.estimate AND c.estimate < c.high, 'within its limits: ' || c.measure) FROM counted c WHERE c.offer = 1 AND c.measure = 'completion';
SELECT is((SELECT f.low FROM counted f WHERE f.offer = 3 AND f.measure = 'completion'),
  (SELECT r.low FROM centre, LATERAL inclusion.ebb_rate(a, b, 'mle', 9, 30, 0.95) r), 'limits are those of the posterior');

-- --- what matching reads -------------------------------------------------------------

SELECT is(pg_temp.quality(i), (SELECT floor(255 * c.estimate + 0.5) / 255 FROM counted c WHERE c.offer = i AND c.measure = 'completion'),
  'the shrunken mean is the quality of offer ' || i) FROM generate_series(1, 4) i;
SELECT results_eq('SELECT id, quality_measured FROM inclusion_data.offer WHERE id <= 6 ORDER BY id',
  $$ VALUES (1::bigint, true), (2, true), (3, true), (4, true), (5, false), (6, false) $$, 'with fewer facts than the policy says nothing is measured');
SELECT is(pg_temp.quality(5), (SELECT floor(255 * percentile_cont(0.5) WITHIN GROUP (ORDER BY quality) + 0.5) / 255 FROM inclusion_data.offer WHERE quality_measured),
  'then it is the territory''s median');
SELECT is(pg_temp.quality(6), pg_temp.quality(5), 'and so without any fact');
SELECT matches(supply::text, 'quality=' || round(255 * quality) || '/255', 'supply holds it') FROM inclusion_data.offer WHERE id = 1;
SELECT ok(pg_temp.quality(3) > (SELECT low FROM counted WHERE offer = 3 AND measure = 'completion'), 'never the lower bound');
SELECT is(inclusion.unmeasured_quality('DEP-27'), pg_temp.quality(6), 'as a new offer would');

-- --- same facts, same quality ------------------------------------------------------------

CREATE TEMPORARY TABLE before AS SELECT 'q' AS kind, md5(string_agg(q::text, ',' ORDER BY q.id)) AS digest FROM inclusion_data.quality q
  UNION ALL SELECT 'o', md5(string_agg(o.xmin::text, ',' ORDER BY o.id)) FROM inclusion_data.offer o
  UNION ALL SELECT 'p', md5(string_agg(p::text, ',' ORDER BY p.id)) FROM inclusion_data.quality_prior p;
CREATE TEMPORARY VIEW digests AS SELECT 'q' AS kind, md5(string_agg(q::text, ',' ORDER BY q.id)) AS digest FROM inclusion_data.quality q
  UNION ALL SELECT 'o', md5(string_agg(o.xmin::text, ',' ORDER BY o.id)) FROM inclusion_data.offer o
  UNION ALL SELECT 'p', md5(string_agg(p::text, ',' ORDER BY p.id)) FROM inclusion_data.quality_prior p;
SELECT is(pg_temp.refresh(), 0, 'nothing has changed');
SELECT set_eq('TABLE digests', 'TABLE before', 'and nothing is written: no figure, no centre, no offer');


-- --- what enters, and when -----------------------------------------------------------

CREATE FUNCTION pg_temp.n(number bigint, what text DEFAULT 'completion') RETURNS text LANGUAGE sql AS $$
  SELECT c.total || '/' || c.n FROM counted c WHERE c.offer = number AND c.measure = what
$$;
SELECT pg_temp.facts(6, 12, 'attended') AS begun, pg_temp.facts(6, 4, 'absent') AS absent \gset
SELECT pg_temp.refresh();
SELECT is(pg_temp.n(6, 'presence'), '12/16', 'who came, of who came or did not');
SELECT is(pg_temp.n(6), NULL, 'nothing is said yet of what has just begun');
SELECT pg_temp.refresh('2026-08-01');
SELECT is(pg_temp.n(6), '0/12', 'after 180 days without a word, it was not completed');
SELECT is((SELECT quality_measured FROM inclusion_data.offer WHERE id = 6), true, 'and these facts measure');
SELECT pg_temp.refresh('2026-01-31');
SELECT is_empty('TABLE counted', 'nothing is known before the day');
SELECT is((SELECT count(DISTINCT quality) || ' ' || min(quality) || ' ' || bool_or(quality_measured) FROM inclusion_data.offer), '1 0.5 false', 'every offer is neutral then');
SELECT throws_ok('SELECT pg_temp.refresh(inclusion.today(''DEP-27'') + 1)', 'IN501', NULL, 'no quality of a day that has not come');
SELECT throws_ok('SELECT inclusion.refresh_quality(''DEP-27'', ''2025-01-01'')', 'IN302', NULL, 'nor without a policy');
SELECT throws_ok('SELECT inclusion.refresh_quality(''DEP-99'')', 'IN001', NULL, 'nor of an unknown perimeter');
SELECT pg_temp.facts(6, 3, 'completed', '2024-01-15') AS old \gset
SELECT pg_temp.refresh('2026-01-31');
SELECT is_empty('TABLE counted', 'facts older than the policy looks at do not count');
-- who objects to being counted is not
INSERT INTO inclusion_data.purpose_objection SELECT p, 'DEP-27', 'statistics', '2026-02-10' FROM unnest((:'begun'::bigint[])[1:2]) p;
INSERT INTO inclusion_data.restriction SELECT (:'begun'::bigint[])[3], 'DEP-27', 'contestation', '2026-02-10';
SELECT pg_temp.refresh();
SELECT is(pg_temp.n(6, 'presence'), '9/13', 'neither who objects to statistics nor whose data are restricted counts');

-- --- satisfaction ----------------------------------------------------------------------

SELECT pg_temp.say((:'begun'::bigint[])[4:9], 'rather_yes'), pg_temp.say((:'begun'::bigint[])[10:12], 'no');
SELECT pg_temp.refresh();
SELECT is(pg_temp.n(6, 'satisfaction'), '6/9', 'two answers of four are satisfied');
SELECT is(pg_temp.quality(6), pg_temp.quality(5), 'measures are not mixed: quality is the one the policy names');
UPDATE inclusion_data.policy SET quality_measure = 'satisfaction', quality_least = 9 WHERE perimeter = 'DEP-27';
SELECT pg_temp.refresh();
SELECT results_eq('SELECT id, quality_measured FROM inclusion_data.offer WHERE id <= 6 ORDER BY id', 'SELECT i::bigint, i = 6 FROM generate_series(1, 6) i',
  'the policy may name another, and another minimum');
SELECT throws_ok($$ UPDATE inclusion_data.policy SET quality_measure = 'stars' $$, '23514', NULL, 'of those there are');
UPDATE inclusion_data.policy SET quality_measure = 'completion', quality_least = 10 WHERE perimeter = 'DEP-27';
SELECT pg_temp.refresh();

-- --- gain beyond what was expected ---------------------------------------------------------

-- a perimeter of its own: twelve a side, entry 0 or 8 points; what is expected
-- falls with entry, and offer 2 does one level better than offer 1
DELETE FROM inclusion_data.purpose_objection;
DELETE FROM inclusion_data.restriction;
CREATE TEMPORARY TABLE pupil AS
SELECT o AS offer, e AS entry, p AS person, row_number() OVER (PARTITION BY o, e ORDER BY p) AS k
FROM (VALUES (1, 0), (1, 8), (2, 0), (2, 8)) v (o, e), LATERAL unnest(pg_temp.facts(o, 30, 'completed', '2026-02-20')) p;
INSERT INTO inclusion_data.assessment (perimeter, beneficiary, instrument, assessed_on, vector)
SELECT 'DEP-27', u.person, 'observed', date '2026-02-01', format('pix{0.1=%s,0.2=%s}', u.entry / 8, u.entry / 8)::inclusion.competence_vector FROM pupil u
UNION ALL
-- gains of 4 eighths more or less, on average 20 - entry, and 8 more at offer 2
SELECT 'DEP-27', u.person, 'observed', '2026-03-01',
       inclusion.competence_vector('pix', ARRAY[g.points, g.points] || array_fill(NULL::int, ARRAY[22]))
FROM pupil u CROSS JOIN LATERAL (SELECT (20 + CASE u.offer WHEN 2 THEN 8 ELSE 0 END + CASE WHEN u.k % 2 = 0 THEN 4 ELSE -4 END)::int AS points) g;
SELECT pg_temp.refresh('2026-03-10');
SELECT results_eq('SELECT n, covariates, round(r2::numeric, 3), dropped FROM inclusion_data.quality_model ORDER BY id DESC LIMIT 1',
  $$ VALUES (120::bigint, inclusion.quality_covariates(), round((16.0 / 48), 3), '{2,3,4,5,6,7,8}'::int[]) $$, 'the model is fitted on all pairs and kept: what does not vary is left aside');
-- expected: 24 at entry 0, 16 at entry 8
SELECT results_eq('SELECT round(intercept::numeric, 9), round(coefficients[1]::numeric, 9) FROM inclusion_data.quality_model ORDER BY id DESC LIMIT 1', 'VALUES (24::numeric, -1::numeric)', 'what is expected falls with the level at entry');
SELECT results_eq('SELECT offer, n, total FROM counted WHERE measure = ''gain'' AND offer IS NOT NULL ORDER BY offer',
  'VALUES (1::bigint, 60::numeric, -240000000::numeric), (2, 60, 240000000)', 'observed minus expected: 4 eighths less and 4 more, and nothing in all');
SELECT ok(abs(c.estimate) < 4 AND c.estimate * c.total > 0 AND c.low < c.estimate, 'brought near to the centre') FROM counted c WHERE c.measure = 'gain' AND c.offer = 2;
SELECT is(c.estimate, (SELECT s.estimate FROM inclusion_data.quality_prior p JOIN inclusion_data.quality_model m ON m.id = p.model,
    LATERAL inclusion.ebn_shrink(p.mu, p.se_mu, p.tau2, 4, m.sigma * m.sigma / 60) s WHERE p.scope = 'offer' ORDER BY p.id DESC LIMIT 1),
  'with the variance of all, not its own') FROM counted c WHERE c.measure = 'gain' AND c.offer = 2;
UPDATE inclusion_data.policy SET quality_measure = 'gain' WHERE perimeter = 'DEP-27';
SELECT pg_temp.refresh('2026-03-10');
SELECT is(pg_temp.quality(2), (SELECT floor(255 * (0.5 + c.estimate / 16) + 0.5) / 255 FROM counted c WHERE c.measure = 'gain' AND c.offer = 2), 'half is what was expected');
UPDATE inclusion_data.policy SET quality_measure = 'completion' WHERE perimeter = 'DEP-27';
-- what does not pair
CREATE FUNCTION pg_temp.pairs(number bigint) RETURNS bigint LANGUAGE sql AS $$
  SELECT count(*) FROM inclusion_data.quality_pairs('DEP-27', '2025-01-01', '2026-08-01', ARRAY[number])
$$;
SELECT pg_temp.facts(3, 6, 'completed', '2026-02-21') AS third \gset
SELECT pg_temp.assessed((:'third'::bigint[])[1:1], '2026-02-01', 'pix{0.1=1}', 'declared'), pg_temp.assessed((:'third'::bigint[])[1:1], '2026-02-22', 'pix{0.1=2}', 'observed');
SELECT is(pg_temp.pairs(3), 0::bigint, 'not what a person said with what an agent saw');
SELECT pg_temp.assessed((:'third'::bigint[])[2:2], '2026-02-22', 'pix{0.1=1}'), pg_temp.assessed((:'third'::bigint[])[2:2], '2026-05-23', 'pix{0.1=2}');
SELECT is(pg_temp.pairs(3), 0::bigint, 'nor two measures after, nor one more than 90 days after');
SELECT pg_temp.assessed((:'third'::bigint[])[3:3], '2026-02-01', 'pix{1.1=1}'), pg_temp.assessed((:'third'::bigint[])[3:3], '2026-02-22', 'pix{0.1=2}');
SELECT is(pg_temp.pairs(3), 0::bigint, 'nor what was not seen both times');
SELECT pg_temp.assessed((:'third'::bigint[])[4:4], '2026-02-21', 'pix{0.1=1}'), pg_temp.assessed((:'third'::bigint[])[4:4], '2026-02-21', 'pix{0.1=2}');
SELECT is(pg_temp.pairs(3), 1::bigint, 'the first and the last of one day do');
SELECT pg_temp.assessed((:'third'::bigint[])[5:5], d, v::inclusion.competence_vector, i) FROM (VALUES
  ('2026-01-01'::date, 'pix{0.1=0}', 'observed'), ('2026-02-20', 'pix{0.1=1,1.1=0}', 'observed'), ('2026-02-25', 'pix{0.1=2}', 'observed'), ('2026-05-22', 'pix{0.1=3,1.1=8}', 'observed'),
  ('2026-02-01', 'pix{0.1=4}', 'abc_diag'), ('2026-02-28', 'pix{0.1=4}', 'abc_diag')) m (d, v, i);
SELECT results_eq('SELECT instrument, gain FROM inclusion_data.quality_pairs(''DEP-27'', ''2025-01-01'', ''2026-08-01'', ''{3}'') WHERE proposal = ' || (:'third'::bigint[])[5],
  $$ VALUES ('abc_diag', 0::float8) $$, 'of two instruments, the more objective');
DELETE FROM inclusion_data.assessment WHERE instrument = 'abc_diag';
SELECT results_eq('SELECT instrument, gain, x[1] FROM inclusion_data.quality_pairs(''DEP-27'', ''2025-01-01'', ''2026-08-01'', ''{3}'') WHERE proposal = ' || (:'third'::bigint[])[5],
  $$ VALUES ('observed', 16::float8, 8::float8) $$, 'the last before and the last after, over what the offer teaches');

-- --- shares -----------------------------------------------------------------------------------

SELECT pg_temp.refresh();
CREATE FUNCTION pg_temp.operator(number bigint) RETURNS text LANGUAGE sql AS $$
  SELECT trim_scale(c.total) || '/' || trim_scale(c.n) FROM counted c WHERE c.structure = number AND c.offer IS NULL AND c.measure = 'completion'
$$;
SELECT is(pg_temp.operator(901), (SELECT sum(total) || '/' || sum(n) FROM counted WHERE offer IN (1, 2, 3) AND measure = 'completion'), 'an operator''s facts are its offers''');
SELECT is(pg_temp.operator(902), (SELECT sum(total) || '/' || sum(n) FROM counted WHERE offer IN (4, 5, 6) AND measure = 'completion'), 'each its own');
INSERT INTO inclusion_data.offer_structure (offer, structure, relation, share) VALUES (4, 902, 'carries', 0.6), (4, 901, 'co_runs', 0.25), (4, 901, 'hosts', 1), (5, 901, 'funds', 1);
SELECT pg_temp.refresh();
SELECT is(pg_temp.operator(902), '13.8/16', '18 of 20 at six tenths, and 3 of 4');
SELECT is(pg_temp.operator(901), (SELECT trim_scale(sum(total) + 4.5) || '/' || trim_scale(sum(n) + 5) FROM counted WHERE offer IN (1, 2, 3) AND measure = 'completion'),
  'a quarter of them is the other''s: who hosts or funds runs nothing');
SELECT is(c.estimate, (SELECT (p.alpha + 13.8) / (p.alpha + p.beta + 16) FROM inclusion_data.quality_centre p WHERE p.scope = 'operator' AND p.measure = 'completion'), 'brought near to the operators'' own centre')
  FROM counted c WHERE c.structure = 902 AND c.offer IS NULL AND c.measure = 'completion' AND (SELECT status <> 'pooled' FROM inclusion_data.quality_centre p WHERE p.scope = 'operator' AND p.measure = 'completion');
SELECT is((inclusion.shared_rate(2, 3, 'mle', 13.8, 16)).rate, (2 + 13.8::float8) / 21, 'fractions of facts enter whole');
SELECT is((inclusion.shared_rate(7, 3, 'pooled', 13.8, 16)).rate, 0.7::float8, 'and change nothing where all are alike');

-- --- in words -------------------------------------------------------------------------------------

UPDATE inclusion_data.offer SET documentation = 0.62 WHERE id = 5;
CREATE FUNCTION pg_temp.said(number bigint, about text) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(e.sentence, '|' ORDER BY e.n) FROM inclusion.explain_quality(number) e WHERE e.topic = about
$$;
SELECT is(pg_temp.said(5, 'rule'), 'La politique regarde : Parcours terminés, faits du 01/03/2024 au 01/03/2026.', 'what the policy looks at');
SELECT is(pg_temp.said(5, 'outcome'), format('Pas encore mesurée : 4 sur les 10 faits que demande la politique ; comptée %s sur 100, la médiane du territoire.', round(100 * pg_temp.quality(5)::numeric)), 'not measured yet');
SELECT matches(pg_temp.said(5, 'change'), '^Faits qui manquent pour qu''elle soit mesurée : 6\.\|Un fait favorable de plus la porterait à \d+ %, un fait contraire à \d+ %\.$', 'what would change it');
SELECT is(pg_temp.said(5, 'record'), 'Fiche renseignée à 62 sur 100 : cela dit comment l''offre est décrite, et rien de ce qu''elle apporte.', 'its record is apart');
SELECT matches(pg_temp.said(3, 'outcome'), '^À revoir : ', 'beyond what chance explains: to be reviewed');
SELECT matches((SELECT sentence FROM inclusion.explain_quality(3) WHERE topic = 'measure' AND n = 1), '^Parcours terminés : 15 sur 36 faits \(42 %\) ; rapproché à \d+ %, entre \d+ % et \d+ %\. Terminer n''est pas progresser', 'each measure, with what it does not prove');
SELECT is((SELECT count(*) FROM inclusion.explain_quality(3) WHERE topic = 'measure'), 4::bigint, 'all four, apart');
SELECT is(pg_temp.said(4, 'share'), 'Ses faits comptent à Une pour 25 %.|Ses faits comptent à Deux pour 60 %.', 'whose facts they are');
SELECT is((SELECT string_agg(e.sentence, '|' ORDER BY e.n) FROM inclusion.explain_quality(operator => 902) e WHERE e.topic = 'share' AND e.n < 23),
  'Offre 4 : 20 faits, comptés pour 60 %.|Offre 5 : 4 faits, comptés pour 100 %.', 'of an operator: its offers and their weight');
SELECT matches(pg_temp.said(1, 'weight'), '^Ses faits pèsent \d+ % ; le centre du territoire \(\d+ %, d''après 5\) pèse le reste\.$', 'what weighs');
SELECT is_empty($$ SELECT e.sentence FROM inclusion_data.offer o CROSS JOIN LATERAL inclusion.explain_quality(o.id) e WHERE e.sentence ~* 'mauvais|faible|abandon|classement|rendement|coût' $$, 'in the words of the house');
SELECT throws_ok('SELECT inclusion.explain_quality()', 'IN202', NULL, 'of an offer or an operator');
SELECT throws_ok('SELECT inclusion.explain_quality(999)', 'IN202', 'unknown offer 999', 'that there is');
SELECT results_eq('SELECT measure, count(*), sum(value) FROM inclusion.list_quality_facts(4) GROUP BY measure ORDER BY measure',
  $$ VALUES ('completion', 20::bigint, 18::float8), ('presence', 20, 20) $$, 'every fact, one a row');
SELECT is(label, 'Parcours terminés : non', 'said in words') FROM inclusion.list_quality_facts(4, 'completion') WHERE value = 0 LIMIT 1;

-- --- what is released ------------------------------------------------------------------------------

SELECT results_eq($$ SELECT offer_id, class, is_masked, fact_count IS NULL AND observed IS NULL AND estimate IS NULL AND estimate_low IS NULL AND funnel_low_95 IS NULL
    FROM pilotage.kpi_offer_quality WHERE measure_label = 'Parcours terminés' AND offer_id IN (3, 4, 5) ORDER BY offer_id $$,
  $$ VALUES (3::bigint, 'à revoir', false, false), (4, 'masquée', true, true), (5, 'pas encore mesurée', true, true) $$, 'too few who did, or who did not, hide every figure');
SELECT results_eq($$ SELECT funnel_low_998, funnel_high_998, observed FROM pilotage.kpi_offer_quality WHERE measure_label = 'Parcours terminés' AND offer_id = 3 $$,
  $$ SELECT inclusion.funnel_prop(c.rate, 36, 0.001), inclusion.funnel_prop(c.rate, 36, 0.999), (15.0 / 36)::float8 FROM inclusion_data.quality_centre c WHERE c.scope = 'offer' AND c.measure = 'completion' $$,
  'limits are those of the funnel around the centre');
SELECT results_eq($$ SELECT structure_id, is_masked FROM pilotage.kpi_operator_quality WHERE measure_label = 'Parcours terminés' ORDER BY structure_id $$,
  $$ VALUES (901::bigint, true), (902, true) $$, 'an operator''s figure goes when an offer''s could be had from it');
UPDATE inclusion_data.policy SET quality_floor = 0.9 WHERE perimeter = 'DEP-27';
SELECT set_eq($$ SELECT class FROM pilotage.kpi_offer_quality WHERE measure_label = 'Parcours terminés' AND NOT is_masked $$, '{à revoir}'::text[], 'a lower bound under the floor voted is an alert, and nothing else');
SELECT is(inclusion.refresh_quality('DEP-27', '2026-03-01'), 0, 'no quality moves for it');
UPDATE inclusion_data.policy SET quality_floor = NULL WHERE perimeter = 'DEP-27';

-- --- who ---------------------------------------------------------------------------------------------

CREATE ROLE test_night IN ROLE inclusion_night;
CREATE ROLE test_far IN ROLE inclusion_mediator;
CREATE ROLE test_lead IN ROLE inclusion_steward;
CREATE ROLE test_analyst IN ROLE inclusion_analyst;
CREATE ROLE test_own IN ROLE inclusion_mediator;
INSERT INTO inclusion_data.access_grant (role_name, perimeter, structure, valid_from) VALUES
  ('test_lead', 'DEP-27', NULL, '2020-01-01'), ('test_far', 'DEP-74', NULL, '2020-01-01'), ('test_own', 'DEP-27', 902, '2020-01-01');
CREATE FUNCTION pg_temp.as_role(who text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  answer text;
BEGIN
  PERFORM set_config('role', who, true);
  EXECUTE statement INTO answer;
  PERFORM set_config('role', 'none', true);
  RETURN answer;
EXCEPTION WHEN OTHERS THEN
  PERFORM set_config('role', 'none', true);
  RETURN SQLSTATE;
END
$$;
SELECT is(pg_temp.as_role('test_night', 'SELECT inclusion.refresh_quality(''DEP-27'', ''2026-03-01'')'), '0', 'the night refreshes, and finds the same');
SELECT is(pg_temp.as_role(who, 'SELECT inclusion.refresh_quality(''DEP-27'', ''2026-03-01'')'), '42501', who || ' does not') FROM unnest('{test_lead,test_own,test_analyst}'::text[]) who;
SELECT is(pg_temp.as_role('test_own', 'SELECT count(*) > 4 FROM inclusion.explain_quality(4)'), 'true', 'a structure reads its own');
SELECT is(pg_temp.as_role('test_own', 'SELECT count(*) FROM inclusion.explain_quality(1)'), '42501', 'not another''s');
SELECT is(pg_temp.as_role('test_far', 'SELECT count(*) FROM inclusion.explain_quality(1)'), '42501', 'nor does another territory');
SELECT is(pg_temp.as_role('test_far', 'SELECT count(*) FROM inclusion_data.quality'), '0', 'row by row');
SELECT is(pg_temp.as_role('test_lead', 'SELECT count(*) > 4 FROM inclusion.explain_quality(1)'), 'true', 'the lead reads them all');
SELECT is(pg_temp.as_role('test_analyst', 'SELECT count(*) FROM inclusion_data.quality'), '42501', 'the analyst reads what is released');
SELECT is(pg_temp.as_role('test_analyst', 'SELECT count(*) > 0 FROM pilotage.kpi_operator_quality'), 'true', 'and that alone');

-- --- matching reads it -----------------------------------------------------------------------------------

INSERT INTO inclusion_data.beneficiary (id, perimeter, structure, longitude, latitude, position_origin, last_contact_on) VALUES (1, 'DEP-27', 901, 1.15, 49.003, 'commune', '2026-03-01');
INSERT INTO inclusion_data.expressed_need (perimeter, beneficiary, target, opened_on) VALUES ('DEP-27', 1, 'pix{0.1=2}', '2026-02-01');
INSERT INTO inclusion_data.enrolment (perimeter, beneficiary, format, structure, enrolled_on, notice_version) VALUES ('DEP-27', 1, 'desk', 901, '2026-02-01', '1');
UPDATE inclusion_data.offer SET latitude = 49.003 WHERE perimeter = 'DEP-27';
SELECT is((SELECT array_agg(m.offer ORDER BY m.cost, m.offer) FROM inclusion.matches(1, 6) m),
  (SELECT array_agg(o.id ORDER BY -round(255 * o.quality), o.id) FROM inclusion_data.offer o WHERE o.id <= 6), 'offers alike but for quality come in its order');
SELECT matches((SELECT e.sentence FROM inclusion.explain_match(1, 5) e WHERE e.term = 'quality'), '^Qualité pas encore mesurée : comptée \d+ sur 100, la médiane du territoire\.$', 'and say when it is not measured');
SELECT is((SELECT count(*) FROM inclusion.job_list() WHERE command ~ 'refresh_quality' AND run_by = 'inclusion_night'), 1::bigint, 'a job refreshes it before the night');

SELECT * FROM finish();
ROLLBACK;
