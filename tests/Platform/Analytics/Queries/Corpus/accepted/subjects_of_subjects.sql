-- dataset: shop
SELECT count(*) FROM (SELECT "user", max(n) AS most FROM (SELECT "user", action, count(*) AS n FROM shop GROUP BY "user", action) GROUP BY "user") WHERE most >= 3
