-- HMAC-SHA-256 against the test cases of RFC 4231; a row is a case that differs.
SELECT c.n, inclusion.hmac_sha256(c.key, c.content) AS found
FROM (VALUES
  (1, decode(repeat('0b', 20), 'hex'), 'Hi There'::bytea,
   '\xb0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'::bytea),
  (2, 'Jefe', 'what do ya want for nothing?',
   '\x5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'),
  (3, decode(repeat('aa', 20), 'hex'), decode(repeat('dd', 50), 'hex'),
   '\x773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe'),
  (4, '\x0102030405060708090a0b0c0d0e0f10111213141516171819', decode(repeat('cd', 50), 'hex'),
   '\x82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b'),
  -- the RFC publishes the first 16 bytes of this one
  (5, decode(repeat('0c', 20), 'hex'), 'Test With Truncation', '\xa3b6167473100ee06e0c796c2955552b'),
  -- keys longer than a block
  (6, decode(repeat('aa', 131), 'hex'), 'Test Using Larger Than Block-Size Key - Hash Key First',
   '\x60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54'),
  (7, decode(repeat('aa', 131), 'hex'),
   'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
   '\x9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2')
) AS c (n, key, content, expected)
WHERE substr(inclusion.hmac_sha256(c.key, c.content), 1, length(c.expected)) <> c.expected;
SELECT length(inclusion.hmac_sha256('', '')) AS bytes_of_nothing, inclusion.hmac_sha256(NULL, '') IS NULL AS no_key_no_fingerprint;
-- a content kept out of line is read whole
CREATE TEMPORARY TABLE long (content bytea);
ALTER TABLE long ALTER content SET STORAGE EXTERNAL;
INSERT INTO long SELECT decode(repeat('5a', 100000), 'hex');
SELECT inclusion.hmac_sha256('k', content) = inclusion.hmac_sha256('k', decode(repeat('5a', 100000), 'hex')) AS same FROM long;
DROP TABLE long;
