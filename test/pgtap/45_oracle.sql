-- 45_oracle.sql
--		Is the cost function the published one?  Two implementations that share
--		no line, the extension's C and the SQL of test/oracle, answer the same
--		questions: cases worked out by hand, thousands of random pairs, and all
--		that must be refused.
\set ECHO none
\set QUIET 1
\set ON_ERROR_ROLLBACK 1
\set ON_ERROR_STOP true
\pset format unaligned
\pset tuples_only true
\pset pager off
SET client_min_messages = warning;

BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap SCHEMA public;
CREATE EXTENSION IF NOT EXISTS inclusion;
SET LOCAL search_path = public, inclusion;
SELECT plan(16);

\ir ../oracle/arguments.sql
\ir ../oracle/cost.sql
\ir ../oracle/golden.sql
\ir ../oracle/refusals.sql
\ir ../oracle/random.sql
\ir ../oracle/product.sql

-- Cases worked out by hand

SELECT is_empty($$
	SELECT title, oracle.cost(need, supply), cost, oracle.eligible(need, supply)
	FROM oracle.golden
	WHERE (abs(oracle.cost(need, supply) - cost) < 1e-12) IS DISTINCT FROM (cost = cost)
		OR oracle.eligible(need, supply) IS DISTINCT FROM eligible
$$, 'the second opinion agrees with the cases worked out by hand');

CREATE TEMP TABLE golden AS
SELECT title, cost, eligible, oracle.made_need(need) AS need,
	oracle.made_supply(supply) AS supply
FROM oracle.golden;

SELECT is_empty($$
	SELECT title, supply <=> need, cost FROM golden
	WHERE (abs((supply <=> need) - cost) < 1e-12)
		IS DISTINCT FROM (cost = cost)
$$, 'costs are those worked out by hand');

SELECT is_empty($$
	SELECT title, supply @@ need, eligible FROM golden
	WHERE (supply @@ need) IS DISTINCT FROM eligible
$$, 'eligibilities are those worked out by hand');

-- Random pairs

CREATE TEMP TABLE judged AS
SELECT i, asked.need, asked.supply, verdict.*
FROM generate_series(1, 6000) AS i,
	LATERAL oracle.random_pair(i) AS asked,
	LATERAL oracle.judge(asked.need, asked.supply) AS verdict;

-- A test that never meets a rule proves nothing about it.
SELECT cmp_ok((SELECT count(*) FROM judged WHERE eligible), '>', 500::bigint,
	'hundreds of random pairs are eligible');
SELECT cmp_ok((SELECT count(*) FROM judged WHERE cost IS NULL), '>', 100::bigint,
	'a hundred random offers are drafts');
SELECT is_empty($$
	SELECT condition, count(i)
	FROM unnest('{serves,opens,lasts,covers,accommodates,speaks,coincides,suits,
		admits,reaches}'::text[]) AS condition
	LEFT JOIN (
		SELECT i, min(key) AS only_reason
		FROM judged, LATERAL jsonb_each(to_jsonb(judged) - 'eligible') AS term
		WHERE value = 'false'
		GROUP BY i HAVING count(*) = 1) AS refused ON condition = only_reason
	GROUP BY condition HAVING count(i) < 30
$$, 'every condition of eligibility is the only one that fails, thirty times');
SELECT cmp_ok((SELECT count(*) FROM judged
		WHERE distance = (need->>'max_distance')::float8), '>', 50::bigint,
	'dozens of random offers are exactly at the maximum distance');

CREATE TEMP TABLE answered AS
SELECT judged.*, made_supply <=> made_need AS product_cost,
	made_supply @@ made_need AS product_eligible,
	made_need, made_supply
FROM judged, LATERAL oracle.made_need(need) AS made_need,
	LATERAL oracle.made_supply(supply) AS made_supply;

SELECT is_empty($$
	SELECT i, cost, product_cost, need, supply FROM answered
	WHERE (abs(product_cost - cost) <= 1e-12) IS DISTINCT FROM (cost = cost)
	LIMIT 5
$$, 'costs of random pairs agree');
SELECT is_empty($$
	SELECT i, cost, product_cost, need, supply FROM answered
	WHERE product_cost IS DISTINCT FROM cost
	LIMIT 5
$$, 'costs of random pairs agree to the last bit');
SELECT is_empty($$
	SELECT i, eligible, product_eligible, need, supply FROM answered
	WHERE product_eligible IS DISTINCT FROM eligible
	LIMIT 5
$$, 'eligibilities of random pairs agree');

-- Commutators say the same.
SELECT is_empty($$
	SELECT i FROM answered
	WHERE (made_need <=> made_supply)
			IS DISTINCT FROM product_cost
		OR (made_need @@ made_supply)
			IS DISTINCT FROM product_eligible
$$, 'the operators are the same from either side');

-- Text

SELECT is_empty($$
	SELECT i, made_supply FROM answered
	WHERE made_supply IS NOT NULL
		AND ((made_supply::text::inclusion.supply = made_supply) IS NOT TRUE
			OR made_supply::text::inclusion.supply::text <> made_supply::text)
	LIMIT 5
$$, 'a supply is what its text says');
SELECT is_empty($$
	SELECT i, made_need FROM answered
	WHERE (made_need::text::inclusion.need = made_need) IS NOT TRUE
		OR made_need::text::inclusion.need::text <> made_need::text
	LIMIT 5
$$, 'a need is what its text says');

-- Refusals

CREATE TEMP TABLE tried AS
SELECT refusal.*, got.outcome AS got, got.state, got.message
FROM oracle.refusal, LATERAL oracle.outcome(of, CASE of
	WHEN 'need' THEN oracle.plain_need(change)
	ELSE oracle.plain_supply(change) END) AS got;

SELECT is_empty($$
	SELECT rule, of, change, outcome, got, message FROM tried
	WHERE got <> outcome ORDER BY n
$$, 'what the rules refuse is refused, and nothing else');
SELECT is_empty($$
	SELECT rule, of, change, state, message FROM tried
	WHERE got = 'error' AND state <> '22023' ORDER BY n
$$, 'refusals say invalid_parameter_value');
SELECT is_empty($$
	SELECT rule, of, change, mention, message FROM tried
	WHERE got = 'error' AND position(mention IN message) = 0 ORDER BY n
$$, 'refusals name what is wrong');

SELECT * FROM finish();
ROLLBACK;
