-- dataset: shop
SELECT s.action, count(*) FROM shop s JOIN (SELECT "user", count(*) AS n FROM shop GROUP BY "user") t USING ("user") WHERE t.n >= 3 GROUP BY s.action
