-- dataset: shop
SELECT count(*) FROM (SELECT "user", count(*) AS n FROM shop GROUP BY "user") a JOIN (SELECT "user", sum(qty) AS q FROM visits GROUP BY "user") b USING ("user") WHERE a.n > 2 AND b.q > 10
