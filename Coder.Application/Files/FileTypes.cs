namespace Coder.Application.Files;

/// <summary>The media types of archives.</summary>
public static class FileTypes
{
    /// <summary>A tar archive; all stored files are of this type.</summary>
    public const string Tar = "application/x-tar";

    /// <summary>A zip archive.</summary>
    public const string Zip = "application/zip";

    /// <summary>A zip archive, as browsers on Windows call it.</summary>
    public const string WindowsZip = "application/x-zip-compressed";
}
