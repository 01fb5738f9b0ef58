-- dataset: shop
SELECT count(*) FROM (SELECT a."user", count(*) AS n FROM shop a JOIN visits b USING ("user") WHERE b.action = 'buy' GROUP BY a."user") WHERE n >= 2
