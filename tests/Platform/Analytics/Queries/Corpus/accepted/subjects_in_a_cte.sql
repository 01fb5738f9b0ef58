-- dataset: shop
WITH t AS (SELECT "user" AS u, count(*) AS n FROM shop WHERE action = 'buy' GROUP BY u) SELECT count(DISTINCT u) FROM t WHERE n BETWEEN 2 AND 5
