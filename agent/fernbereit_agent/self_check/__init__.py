"""Can I work from home tomorrow? The answer for the owner of this laptop, made here and now, sent nowhere.

It needs neither collector nor broker nor the service: it looks at everything itself and judges by the policy
the service holds, or by the shipped one.
"""
