namespace Coder.Domain.Templates;

/// <summary>Names for versions to which nobody gave one: two words that people can say to each other.</summary>
public static class VersionNames
{
    private static readonly string[] Qualities =
    [
        "amber", "ample", "bold", "brave", "brief", "bright", "brisk", "calm", "clear", "clever", "cosy", "crisp", "curious", "deft",
        "eager", "early", "easy", "fair", "fine", "firm", "fond", "fresh", "gentle", "glad", "golden", "grand", "happy", "hardy", "honest",
        "humble", "jolly", "keen", "kind", "late", "lively", "loyal", "lucid", "mellow", "merry", "mild", "modest", "neat", "nimble",
        "noble", "patient", "plain", "polite", "proud", "quick", "quiet", "ready", "ripe", "robust", "silent", "silver", "simple",
        "smooth", "solid", "steady", "sunny", "swift", "tidy", "vivid", "warm",
    ];

    private static readonly string[] Things =
    [
        "acorn", "anchor", "anvil", "badger", "barley", "beacon", "birch", "bridge", "brook", "candle", "canyon", "cedar", "cello",
        "clover", "comet", "compass", "copper", "coral", "cricket", "dune", "ember", "falcon", "fern", "ferry", "finch", "fjord", "garnet",
        "glacier", "harbor", "hazel", "heron", "island", "ivy", "kettle", "lantern", "lark", "ledger", "linden", "lotus", "maple",
        "meadow", "mill", "otter", "oyster", "pebble", "pier", "pine", "plover", "quartz", "quill", "raven", "reed", "ridge", "river",
        "saddle", "sparrow", "spruce", "summit", "thistle", "tide", "valley", "walnut", "willow", "wren",
    ];

    /// <summary>Makes a name such as <c>brisk_otter</c>; equal seeds make equal names.</summary>
    /// <param name="seed">A random UUID.</param>
    /// <param name="attempt">From the second attempt on, digits make it unlikely that the name is taken.</param>
    public static string Of(Guid seed, int attempt = 0)
    {
        Span<byte> bytes = stackalloc byte[16];
        seed.TryWriteBytes(bytes);
        var name = $"{Qualities[bytes[0] % Qualities.Length]}_{Things[bytes[1] % Things.Length]}";
        return attempt == 0 ? name : $"{name}_{bytes[2]:x2}{bytes[3]:x2}";
    }
}
