-- The default hunt over Sysmon events, as the best SQL we could write for DuckDB: one
-- pass over the CSV files into typed columns, GUIDs as 16 bytes, prevalence on the
-- roots only, and everything about connections left until few processes remain.
--
-- src is a view of the files, all columns as text. Results: nodes and connections.
-- It ties by GUID alone: what schtaskhunt ties by process id and time is not here.

CREATE MACRO guid(x) AS TRY_CAST(x AS UUID); -- takes braces as well
CREATE MACRO unknown() AS '00000000-0000-0000-0000-000000000000'::UUID;
CREATE MACRO base(x) AS regexp_replace(lower(x), '^.*[\\/]', '');
CREATE MACRO tell(x) AS CASE WHEN x IS NULL OR x = '-' THEN '' ELSE x END;
CREATE MACRO scheduler(x) AS contains(lower(x), 'schedule')
  AND regexp_matches(lower(x), '^("?[^"]*[\\/]|"?)svchost(\.exe)?"?\s.*-s\s+schedule\s*$');

CREATE TABLE e AS
SELECT TRY_CAST(EventCode AS UTINYINT) AS kind,
       COALESCE(TRY_CAST(_time AS DOUBLE), epoch(TRY_CAST(UtcTime AS TIMESTAMP))) AS t,
       Computer, guid(ProcessGuid) AS g, guid(ParentProcessGuid) AS parent,
       COALESCE(scheduler(ParentCommandLine), false) AS isroot, Image, CommandLine,
       EventRecordID, Initiated, SourceIp, SourcePort, SourceHostname, DestinationIp, DestinationPort, DestinationHostname,
       QueryName, QueryResults
FROM src WHERE EventCode IN ('1', '3', '5', '22');

SET VARIABLE now = (SELECT max(t) FROM e);

-- An event that came twice is here twice: what counts below, counts distinct.
CREATE TABLE p AS SELECT g, parent FROM e WHERE kind = 1 AND NOT isroot AND g <> unknown() AND parent <> unknown();

-- Roots, but for those whose own starts in the lookback show that they are common: what
-- hangs below these need not be walked.
CREATE TABLE candidates AS
WITH r AS (SELECT g, t, lower(Computer) AS device, base(Image) AS name, trim(lower(CommandLine)) AS command FROM e WHERE isroot AND g <> unknown()),
common AS (
  SELECT name, command FROM r WHERE t IS NULL OR t > getvariable('now') - 7 * 86400
  GROUP BY ALL HAVING count(DISTINCT device) > 5)
SELECT * FROM r ANTI JOIN common USING (name, command);

CREATE TABLE tree AS
WITH RECURSIVE down(root, g, depth) AS (
  SELECT g, g, 1 FROM candidates
  UNION
  SELECT down.root, p.g, depth + 1 FROM down JOIN p ON p.parent = down.g WHERE depth < 33)
SELECT * FROM down;

CREATE TABLE kept AS
WITH active AS (
  SELECT root, bool_or(COALESCE(t > getvariable('now') - 86400, true)) AS recent,
         bool_or(COALESCE(t > getvariable('now') - 7 * 86400, true)) AS known
  FROM tree JOIN e USING (g) GROUP BY root),
roots AS (
  SELECT g, device, name, command, recent, known FROM active JOIN candidates ON g = root),
common AS (SELECT name, command, count(DISTINCT device) AS devices FROM roots WHERE known GROUP BY ALL)
SELECT DISTINCT g AS root FROM roots JOIN common USING (name, command) WHERE recent AND devices <= 5;

CREATE TABLE nodes AS SELECT DISTINCT g FROM tree JOIN kept USING (root);

-- Internal addresses: private, loopback, link-local, CGNAT, multicast, unspecified.
CREATE MACRO internal(ip) AS regexp_matches(lower(regexp_replace(ip, '^(::|0:0:0:0:0:)ffff:', '', 'i')),
  '^(10\.|127\.|192\.168\.|172\.(1[6-9]|2[0-9]|3[01])\.|169\.254\.|100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.|2(2[4-9]|3[0-9])\.|0\.0\.0\.0$'
  || '|(0:)+[01]$|::1?$|f[cd]|fe[89a-f]|ff)');

CREATE TABLE connections AS
WITH mine AS (
  SELECT g, kind, CASE WHEN kind = 22 THEN '' WHEN Initiated = 'false' THEN SourceIp ELSE DestinationIp END AS ip,
         CASE WHEN kind = 22 THEN '' WHEN Initiated = 'false' THEN SourcePort ELSE DestinationPort END AS port,
         lower(tell(CASE WHEN kind = 22 THEN QueryName WHEN Initiated = 'false' THEN SourceHostname ELSE DestinationHostname END)) AS host,
         CASE WHEN kind = 22 THEN 'dns' WHEN Initiated = 'false' THEN 'inbound' ELSE 'outbound' END AS direction,
         list_filter(string_split(QueryResults, ';'), a -> regexp_matches(a, '^[0-9a-fA-F:.]*[.:][0-9a-fA-F:.]*$')) AS answers
  FROM (SELECT DISTINCT e.* FROM e JOIN nodes USING (g) WHERE kind IN (3, 22))),
merged AS (
  SELECT g, kind, ip, port, host, direction, count(*) AS n, flatten(list(answers)) AS answers
  FROM mine GROUP BY g, kind, ip, port, host, direction)
SELECT g, ip, port, host, direction, n FROM merged
WHERE CASE WHEN kind = 3 THEN ip IS NULL OR NOT internal(ip)
           ELSE len(answers) = 0 OR len(list_filter(answers, a -> NOT internal(a))) > 0 END;
