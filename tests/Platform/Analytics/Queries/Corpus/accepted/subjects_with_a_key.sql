-- dataset: shop
SELECT action, avg(n) FROM (SELECT "user", action, least(count(*), 4) AS n FROM shop GROUP BY "user", action) GROUP BY action
