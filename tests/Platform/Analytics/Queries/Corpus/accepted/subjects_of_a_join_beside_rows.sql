-- dataset: shop
SELECT count(*) FROM shop s JOIN (SELECT a."user", count(*) AS n FROM shop a JOIN visits b USING ("user") GROUP BY a."user") t USING ("user") WHERE n > 1
